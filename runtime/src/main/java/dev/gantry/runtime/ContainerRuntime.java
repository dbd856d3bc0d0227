package dev.gantry.runtime;

import dev.gantry.kernel.Poller;
import dev.gantry.kernel.SafeDirectory;
import dev.gantry.oci.runtime.Seccomp;
import dev.gantry.runtime.check.StrayGroups;
import dev.gantry.runtime.explain.Explanation;
import dev.gantry.runtime.explain.PlannedLaunch;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/// Starts containers. Thread-safe; starts of different containers run side by side.
public interface ContainerRuntime {
    /// A runtime on this host, which also has other runtimes make containers that ask for one.
    ///
    /// @param poller watches the descriptors of all containers; closed by who made it
    /// @throws IOException if the host lacks what every container needs
    static ContainerRuntime on(Poller poller, RuntimeOptions options) throws IOException {
        return new ExternalRuntime(options, new HostRuntime(poller, options));
    }

    /// Mounts a root file system that nobody sees but who holds the result: what reads a container's files before its
    /// start, and what [#start] gives the container.
    SafeDirectory mount(RootFileSystem root) throws IOException;

    /// Makes and compiles a filter that the next container will probably have, on a thread of its own: else the first
    /// start would
    /// wait for it, tens of milliseconds.
    void prepare(Supplier<Seccomp> filter);

    /// Starts a container and returns when its program has been executed.
    ///
    /// Nothing is left behind when it throws: no cgroup, no descriptor, no state, no process. The root then still
    /// belongs to the caller; else it is closed with the container.
    ///
    /// @throws LaunchException if the container cannot be made or its program cannot be executed; says which step
    ///     and why
    /// @throws IOException if the host denies what every container needs
    RunningContainer start(ContainerLaunch launch) throws IOException;

    /// The IDs of all containers that have something in the state root, be it an earlier daemon's or this runtime's.
    List<String> leftovers() throws IOException;

    /// What is on the host of a container that does not run: its directory in the state root, its cgroups.
    List<Path> remainsOf(String id) throws IOException;

    /// The cgroups of containers that the state root knows nothing of, below the runtime's own parent. What is found
    /// may be given to [#discard].
    List<StrayGroups> strayGroups() throws IOException;

    /// Takes back a container that an earlier daemon has started, with what it has executed in it: they go on as
    /// if this runtime had started them. One that has ended meanwhile has its exit status, and what it wrote last
    /// can still be read. What the earlier daemon had not made to the end, an exec for instance, is ended.
    ///
    /// For one daemon at a time, and once for each container.
    ///
    /// @return empty if the container itself was not made to the end, or in another boot: [#discard] it
    Optional<Adopted> adopt(String id) throws IOException;

    /// Removes what is left of a container, whoever has started it: kills its processes and supervisors, and
    /// removes its cgroups and state. Idempotent; an ID that nothing is known of is fine.
    void discard(String id) throws IOException;

    /// Removes the cgroup above all containers, unless something is still below it.
    void removeCgroupParent();

    /// The system calls that [#mount] and [#start] would make, from the same program. Nothing is made on the host.
    ///
    /// @param root its directories need not exist
    /// @throws LaunchException if the container cannot be made, as far as that is known before its start
    Explanation explain(PlannedLaunch launch, RootFileSystem root) throws IOException;
}
