package dev.gantry.runtime;

import dev.gantry.kernel.Poller;
import java.io.IOException;

/// Starts containers. Thread-safe; starts of different containers run side by side.
public interface ContainerRuntime {
    /// A runtime on this host.
    ///
    /// @param poller watches the descriptors of all containers; closed by who made it
    /// @throws IOException if the host lacks what every container needs
    static ContainerRuntime on(Poller poller, RuntimeOptions options) throws IOException {
        return new HostRuntime(poller, options);
    }

    /// Starts a container and returns when its program has been executed.
    ///
    /// Nothing is left behind when it throws: no cgroup, no descriptor, no state, no process.
    ///
    /// @throws LaunchException if the container cannot be made or its program cannot be executed; says which
    /// step and
    ///     why
    /// @throws IOException if the host denies what every container needs
    RunningContainer start(ContainerLaunch launch) throws IOException;
}
