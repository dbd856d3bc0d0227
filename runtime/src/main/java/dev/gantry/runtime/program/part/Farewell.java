package dev.gantry.runtime.program.part;

import dev.gantry.runtime.program.ErrorNumber;
import dev.gantry.runtime.program.OnError;
import dev.gantry.runtime.program.Operand;
import dev.gantry.runtime.program.ProgramBuilder;
import dev.gantry.runtime.program.Role;
import dev.gantry.runtime.program.Slot;
import dev.gantry.runtime.program.Syscall;

/// A parent that ends once its child has been identified, and leaves it to the next subreaper above (prctl(2),
/// PR_SET_CHILD_SUBREAPER): to whoever called the runtime, as the command lines of OCI runtimes do it.
///
/// @param control a pipe whose end of file, also by the death of the runtime, is the word to go
public record Farewell(int control) implements ParentBranch {
    @Override
    public void append(ProgramBuilder b, Slot pid, Slot pidfd) {
        append(b, b::call, pid, pidfd);
    }

    @Override
    public void append(ProgramBuilder b, Descriptors.Calls calls, Slot pid, Slot pidfd) {
        Supervisor.report(b, calls, pid);
        b.call(OnError.IGNORE, Syscall.CLOSE, Operand.of(b.reportDescriptor()));
        b.step(Role.SHIM, "wait until the container's process is known", "default");
        OnError restart = OnError.IGNORE.retry(ErrorNumber.EINTR, 1 << 20);
        b.call(restart, Syscall.READ, Operand.of(control), b.buffer("word", 8), Operand.of(1));
        b.step("leave the process to the caller", "default");
        b.exit(Operand.of(0));
    }
}
