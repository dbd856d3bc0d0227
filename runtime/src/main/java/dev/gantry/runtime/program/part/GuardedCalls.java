package dev.gantry.runtime.program.part;

import dev.gantry.runtime.program.Condition;
import dev.gantry.runtime.program.ErrorNumber;
import dev.gantry.runtime.program.Label;
import dev.gantry.runtime.program.OnError;
import dev.gantry.runtime.program.OnError.Outcome;
import dev.gantry.runtime.program.Operand;
import dev.gantry.runtime.program.Operation;
import dev.gantry.runtime.program.Program;
import dev.gantry.runtime.program.ProgramBuilder;
import dev.gantry.runtime.program.Report;
import dev.gantry.runtime.program.Slot;
import dev.gantry.runtime.program.StructType;
import dev.gantry.runtime.program.Syscall;

/// Calls of the shim that are made when the process is there already: if one fails, the shim ends the process before it
/// reports. Nobody would watch it, and nobody else may know its number.
final class GuardedCalls {
    private static final Operand ZERO = Operand.of(0);
    private static final long SIGKILL = 9;
    private static final OnError RESTART_OR_GO_ON = OnError.IGNORE.retry(ErrorNumber.EINTR, 1 << 20);

    private final ProgramBuilder b;
    private final Slot pid;
    private final Slot failed;
    private final Slot result;
    private final Label undo;

    /// @param pid the process, once it is there
    GuardedCalls(ProgramBuilder b, Slot pid) {
        this.b = b;
        this.pid = pid;
        this.failed = b.slot("failed");
        this.result = b.slot("result");
        this.undo = b.label("undo");
    }

    /// A call whose last resort is to undo all.
    void call(OnError onError, Syscall syscall, Operand... arguments) {
        b.move(failed, Operand.of(b.nextCall()));
        b.call(result, new OnError(onError.cases(), new Outcome.Go(undo)), syscall, arguments);
    }

    /// What the last call has given.
    Slot result() {
        return result;
    }

    /// Appends what is done when one fails; the flow does not go on after it.
    void appendUndo() {
        Label report = b.label("report");
        b.place(undo);
        b.step("end the process, which nobody would watch", "default");
        // of a process that was not made there is an error number, or nothing yet
        b.jumpIf(pid, Condition.LESS, Operand.of(1), report);
        b.call(OnError.IGNORE, Syscall.KILL, pid, Operand.of(SIGKILL));
        b.call(RESTART_OR_GO_ON, Syscall.WAIT4, pid, ZERO, Operand.of(Flags.ALL_CHILDREN), ZERO);
        b.place(report);
        Slot errno = b.slot("errno");
        b.compute(errno, Operation.SUBTRACT, result);
        b.step("report what has failed", "default");
        b.call(
                OnError.IGNORE,
                Syscall.WRITE,
                Operand.of(b.reportDescriptor()),
                b.struct(StructType.RECORD, Operand.of(Report.FAILED), failed, errno, ZERO),
                Operand.of(Report.SIZE));
        b.exit(Operand.of(Program.FAILURE_EXIT_CODE));
    }
}
