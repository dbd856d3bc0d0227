package dev.gantry.runtime;

import dev.gantry.kernel.OwnedFd;
import dev.gantry.kernel.SafeDirectory;
import dev.gantry.oci.runtime.Resources;
import dev.gantry.runtime.check.RuntimeProblem;
import dev.gantry.runtime.explain.Explanation;
import dev.gantry.runtime.explain.Origins;
import dev.gantry.runtime.usage.InterfaceCounters;
import dev.gantry.runtime.usage.Pressure;
import dev.gantry.runtime.usage.Usage;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A container that has been started: its main process and what belongs to it.
public interface RunningContainer extends ContainerProcess {
    /// The container's ID, as in its [ContainerLaunch].
    String id();

    /// Executes another process in the container, with the container's namespaces, cgroups and seccomp filter. Returns
    /// when its program has been executed.
    ///
    /// Its working directory must exist. Nothing of it is left behind when this throws.
    ///
    /// @throws LaunchException if the container is paused or does not run, or if the process cannot be made or
    /// executed; says which step and why
    ContainerProcess exec(ExecLaunch launch) throws IOException;

    /// The system calls that [#exec] would make, from the same program. Nothing is made on the host.
    ///
    /// @throws LaunchException as [#exec] does, as far as that is known before
    Explanation explain(ExecLaunch launch, Origins origins) throws IOException;

    /// Freezes all processes of the container.
    void pause() throws IOException;

    /// Thaws what [#pause] froze.
    void resume() throws IOException;

    /// Whether the processes are frozen.
    boolean isPaused() throws IOException;

    /// Changes the limits that are set in `resources`, all or none of them; devices stay as they are.
    ///
    /// @return what this host cannot limit, one sentence each
    /// @throws IOException names what this host does not have, or what the kernel refuses
    List<String> update(Resources resources) throws IOException;

    /// How long its processes had to wait for `cpu`, `memory` and `io`; empty where the kernel does not say:
    /// cgroup v1 does not, without version 2 beside it.
    Map<String, Pressure> pressure() throws IOException;

    /// What its processes have used.
    Usage usage() throws IOException;

    /// What has passed the interfaces of its network namespace, by name and without the loopback; empty if that is
    /// the host's.
    ///
    /// @throws IOException also when the main process has ended
    Map<String, InterfaceCounters> interfaces() throws IOException;

    /// The processes in the container, as the host numbers them.
    List<Integer> processes() throws IOException;

    /// Whether the kernel killed a process of the container because of its memory limit.
    boolean outOfMemory();

    /// Waits until the main process has exited, and kills what it left behind: in a PID namespace of its own the kernel
    /// does so, in another one this does. So its output ends, too.
    @Override
    ExitStatus awaitExit() throws IOException, InterruptedException;

    /// Kills what is left, also supervisors whose output is not drained, and removes cgroups and state. Idempotent.
    void delete() throws IOException;

    /// Compares the container with what is recorded of it, with its supervisors and its cgroups, and changes nothing.
    /// What is on its way in or out looks like damage for a moment: what counts is what a later look finds, too.
    List<RuntimeProblem> check() throws IOException;

    /// Mends what [#check] has found, if it [is mendable][RuntimeProblem#isMendable].
    void mend(RuntimeProblem problem) throws IOException;

    /// The container's root, with its mounts while the container runs. Owned by the container: not to be closed.
    SafeDirectory root();

    /// The container's root file system without what is mounted in it: a mount of its own, to be closed.
    ///
    /// @throws IOException also when the main process has ended, or has left its mount namespace
    SafeDirectory bareRoot() throws IOException;

    /// What a path in the container leads to, with what is mounted there; to be closed. Empty where a runtime keeps its
    /// mounts to itself.
    ///
    /// @throws IOException if there is nothing
    Optional<OwnedFd> mountedAt(String path) throws IOException;
}
