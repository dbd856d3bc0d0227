package dev.gantry.runtime.cgroup;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/// The control groups of one container: one directory in each hierarchy.
public sealed interface Cgroup permits V1Cgroup {
    /// The files into which a task writes `0` to join, in the order of [CgroupHost#hierarchies].
    List<Path> joinFiles();

    /// The directory in the cgroup v2 hierarchy, if there is one.
    @Nullable
    Path unified();

    /// The file into which the container's supervisor writes `0` to be found by the container's name.
    Path supervisorFile();

    /// The processes, also of groups that the container made below its own.
    List<Integer> processes() throws IOException;

    /// Stops all processes; returns when they have stopped.
    void freeze() throws IOException;

    /// Whether the processes are stopped, or about to be.
    boolean isFrozen() throws IOException;

    /// Lets all processes go on.
    void thaw() throws IOException;

    /// Kills all processes, also those that are frozen, and those that fork while they are being killed.
    ///
    /// @param kill sends SIGKILL to a process; one that is gone is no error
    void kill(IntConsumer kill) throws IOException;

    /// The supervisors of the container and of what was executed in it.
    List<Integer> supervisors() throws IOException;

    /// Kills the supervisors of the container and of what was executed in it. Without them nobody learns any more
    /// how its processes ended.
    ///
    /// @param kill sends SIGKILL to a process; one that is gone is no error
    void killSupervisors(IntConsumer kill) throws IOException;

    /// How many processes the kernel killed because of the memory limit.
    long outOfMemoryKills();

    /// Removes the directories; they must be empty of processes. Idempotent.
    void remove() throws IOException;
}
