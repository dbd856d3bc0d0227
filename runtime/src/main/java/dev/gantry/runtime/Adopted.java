package dev.gantry.runtime;

import dev.gantry.oci.runtime.Process;
import java.util.List;

/// A container that another daemon has started, taken back.
///
/// @param container as [ContainerRuntime#start] would have given it; it may have ended meanwhile
/// @param process what it was started with
/// @param execs what was executed in it and not drained
public record Adopted(RunningContainer container, Process process, List<Exec> execs) {
    public Adopted {
        execs = List.copyOf(execs);
    }

    /// A process that was executed in the container; it may have ended meanwhile.
    ///
    /// @param id as in its [ExecLaunch]
    public record Exec(String id, ContainerProcess process) {}
}
