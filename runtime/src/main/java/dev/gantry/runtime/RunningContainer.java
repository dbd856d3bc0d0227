package dev.gantry.runtime;

import dev.gantry.kernel.SafeDirectory;
import java.io.IOException;
import java.util.List;

/// A container that has been started: its main process and what belongs to it.
public interface RunningContainer extends ContainerProcess {
    /// The container's ID, as in its [ContainerLaunch].
    String id();

    /// Freezes all processes of the container.
    void pause() throws IOException;

    /// Thaws what [#pause] froze.
    void resume() throws IOException;

    /// The processes in the container, as the host numbers them.
    List<Integer> processes() throws IOException;

    /// Whether the kernel killed a process of the container because of its memory limit.
    boolean outOfMemory();

    /// Kills what is left, and removes cgroups and state. Idempotent.
    void delete() throws IOException;

    /// The container's root, with its mounts while the container runs. Owned by the container: not to be closed.
    SafeDirectory root();
}
