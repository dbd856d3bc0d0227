package dev.gantry.engine.check;

import dev.gantry.engine.container.ContainerNames;
import dev.gantry.engine.container.ContainerRoots;
import dev.gantry.engine.container.HostContainers;
import dev.gantry.engine.container.Registry;
import dev.gantry.engine.exec.HostExecs;
import dev.gantry.engine.volume.LocalVolumes;
import dev.gantry.runtime.ContainerRuntime;
import dev.gantry.store.ImageStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/// What an engine consists of, as the check looks at it.
///
/// @param mountFreeRoots directories below which nothing may be mounted
public record Household(
        ImageStore store,
        ContainerRuntime runtime,
        HostContainers containers,
        ContainerNames names,
        HostExecs execs,
        ContainerRoots roots,
        LocalVolumes volumes,
        List<Path> mountFreeRoots) {
    public Household {
        mountFreeRoots = List.copyOf(mountFreeRoots);
    }

    Registry registry() {
        return containers.registry();
    }

    /// Whether a container has that ID, or had it when what was found was found: IDs are never given twice.
    boolean isKnown(String id) {
        return names.isKnown(id);
    }

    /// Whether no container has that ID, not even one that could not be taken in: that has processes that may be taken
    /// back, and output that belongs in its log.
    boolean isNobodys(String id) throws IOException {
        return !isKnown(id) && !roots.of(id).isThere();
    }

    /// Before what would be such a container's, too, is removed.
    void requireNobodys(String id) throws IOException {
        if (!isNobodys(id)) {
            throw new IOException("container " + id + " is there now");
        }
    }

    /// Before something that belongs to no container is removed.
    void requireUnknown(String id) throws IOException {
        if (isKnown(id)) {
            throw new IOException("container " + id + " is there now");
        }
    }
}
