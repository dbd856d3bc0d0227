package dev.gantry.runtime.check;

import java.nio.file.Path;

/// Something of a running container that is not as the runtime made it.
public sealed interface RuntimeProblem {
    /// Its directory in the state root is gone.
    record NoState(Path directory) implements RuntimeProblem {}

    /// Its record is gone, cannot be read, or speaks of another supervisor: a later daemon cannot take it back.
    record NoRecord(Path file) implements RuntimeProblem {}

    /// A record or a status that was not finished, or that nobody can read.
    record BrokenFile(Path file) implements RuntimeProblem {}

    /// Its supervisor has ended before it.
    record NoSupervisor(int pid) implements RuntimeProblem {}

    /// Its supervisor is in another cgroup.
    record SupervisorElsewhere(int pid, Path group) implements RuntimeProblem {}

    /// Its process has ended, and its supervisor does not say how.
    record NoProcess(int pid) implements RuntimeProblem {}

    /// One of its cgroups is gone.
    record NoGroup(Path group) implements RuntimeProblem {}

    /// Its process is in another cgroup: limits do not hold.
    record ProcessElsewhere(int pid, Path group) implements RuntimeProblem {}

    /// A supervisor of a process that nobody was told of.
    record StraySupervisor(int pid) implements RuntimeProblem {}

    /// The record of a process that was executed in it, whose supervisor has ended.
    record DeadExec(String id, Path file) implements RuntimeProblem {}

    /// Whether it can be mended while the container runs.
    default boolean isMendable() {
        return switch (this) {
            case BrokenFile _, StraySupervisor _, DeadExec _ -> true;
            case NoState _,
                    NoRecord _,
                    NoSupervisor _,
                    SupervisorElsewhere _,
                    NoProcess _,
                    NoGroup _,
                    ProcessElsewhere _ -> false;
        };
    }
}
