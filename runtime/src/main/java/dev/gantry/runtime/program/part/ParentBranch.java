package dev.gantry.runtime.program.part;

import dev.gantry.runtime.program.ProgramBuilder;
import dev.gantry.runtime.program.Slot;

/// What the process that has made the container's goes on with.
public sealed interface ParentBranch permits Supervisor, Farewell {
    /// Appends it; the flow does not go on after it.
    ///
    /// @param pid the child's process ID as the host sees it
    /// @param pidfd the child's descriptor
    void append(ProgramBuilder b, Slot pid, Slot pidfd);

    /// As the other, with the calls of the launch made in another way.
    void append(ProgramBuilder b, Descriptors.Calls calls, Slot pid, Slot pidfd);
}
