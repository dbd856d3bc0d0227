package dev.gantry.engine.container;

import java.nio.file.Path;

/// Where containers' files lie.
///
/// @param durable what outlives a reboot; must be there
/// @param journals output on its way to the logs, which does not
public record ContainerRoots(Path durable, Path journals) {
    public ContainerFiles of(String id) {
        return new ContainerFiles(durable.resolve(id), journals.resolve(id));
    }
}
