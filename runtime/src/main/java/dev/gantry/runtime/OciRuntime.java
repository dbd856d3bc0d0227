package dev.gantry.runtime;

import dev.gantry.kernel.OwnedFd;
import dev.gantry.kernel.Poller;
import dev.gantry.kernel.SafeDirectory;
import dev.gantry.kernel.Signal;
import dev.gantry.oci.runtime.Process;
import dev.gantry.oci.runtime.Resources;
import dev.gantry.runtime.mount.MountOptions;
import dev.gantry.runtime.usage.Usage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// The operations of an OCI runtime (runtime-spec, runtime.md, "Operations"), for callers that wait for the processes
/// of their containers themselves. Nothing is held in memory between two calls: each may come from another process.
public interface OciRuntime {
    /// A runtime on this host.
    ///
    /// @param poller closed by who made it
    /// @param bundles the bundle of a container, of which hooks are told, by its ID
    /// @throws IOException if the host lacks what every container needs
    static OciRuntime on(Poller poller, RuntimeOptions options, Function<String, Path> bundles) throws IOException {
        return new HostOciRuntime(poller, options, bundles);
    }

    /// The options of mounts that are known, without what file systems understand.
    static List<String> mountOptions() {
        return MountOptions.names();
    }

    /// Where the standard streams of a process go that belongs to the caller.
    sealed interface CallerStreams {
        /// This process's own standard streams.
        record Inherited() implements CallerStreams {}

        /// A new terminal, whose master is sent to a socket; see [dev.gantry.kernel.Pty#sendMaster].
        ///
        /// @param socket on which somebody listens
        record Console(Path socket) implements CallerStreams {}

        /// A new terminal, whose master the caller takes.
        record Terminal(MasterTaker taker) implements CallerStreams {}

        /// Takes the master of a terminal before anything is written to it.
        interface MasterTaker {
            /// Takes it, and closes it.
            void take(OwnedFd master) throws IOException;
        }
    }

    /// Opens a root file system, for [#create].
    SafeDirectory mount(RootFileSystem root) throws IOException;

    /// Makes a container whose command waits for [#start]. Nothing is left behind when it throws: if it
    /// has come to the hooks, those after the container's end are run, too.
    ///
    /// @param preserved how many of this process's descriptors from 3 on the command has, too
    /// @return the process ID of its command-to-be
    /// @throws LaunchException if the container cannot be made, or its command is not there or may not be executed
    int create(ContainerLaunch launch, CallerStreams streams, int preserved) throws IOException;

    /// Lets a container's command be executed, and runs the hooks after that. If one of them fails, every process of
    /// the container is killed; it is still there for [#delete].
    ///
    /// @throws IOException if it has been already, if its process has ended, or if a hook fails
    void start(String id) throws IOException;

    /// What a container is doing, runtime.md, "State".
    enum Phase {
        CREATED,
        RUNNING,
        PAUSED,
        STOPPED
    }

    /// A container's state.
    ///
    /// @param pid of its main process, also when that has ended
    record State(Phase phase, int pid) {}

    /// The state of a container; empty if there is none of that ID, or it is still being created.
    Optional<State> state(String id) throws IOException;

    /// The IDs of all containers.
    List<String> list() throws IOException;

    /// Executes a process in a container, and returns when that has been done.
    ///
    /// @param preserved as in [#create]
    /// @return its process ID
    int execute(String id, Process process, CallerStreams streams, int preserved) throws IOException;

    /// The processes in a container, as the host numbers them.
    List<Integer> processes(String id) throws IOException;

    /// What a container uses of the host.
    Usage usage(String id) throws IOException;

    /// How many of its processes the kernel killed because of the memory limit.
    long outOfMemoryKills(String id) throws IOException;

    /// Freezes a container's processes.
    void pause(String id) throws IOException;

    /// Thaws what [#pause] froze.
    void resume(String id) throws IOException;

    /// Changes the limits that are set in `resources`, all or none of them; devices stay as they are.
    ///
    /// @throws IOException names what this host does not have, or what the kernel refuses
    void update(String id, Resources resources) throws IOException;

    /// Sends a signal to a container's main process; SIGKILL thaws what is paused.
    ///
    /// @throws IOException if it has ended
    void kill(String id, Signal signal) throws IOException;

    /// Sends a signal to every process of a container.
    void killAll(String id, Signal signal) throws IOException;

    /// Kills what is left of a container, and removes its cgroups and state. Idempotent.
    void delete(String id) throws IOException;
}
