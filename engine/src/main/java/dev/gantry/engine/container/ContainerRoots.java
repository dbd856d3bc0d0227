package dev.gantry.engine.container;

import java.nio.file.Path;

/// Where containers' files lie.
///
/// @param durable what outlives a reboot; must be there
/// @param journals output on its way to the logs, which does not
/// @param boot tells the life of what does not outlive it from others
public record ContainerRoots(Path durable, Path journals, String boot) {
    public ContainerFiles of(String id) {
        return new ContainerFiles(durable.resolve(id), journals.resolve(id), boot);
    }
}
