package dev.gantry.runtime.program.part;

import dev.gantry.runtime.program.Condition;
import dev.gantry.runtime.program.ErrorNumber;
import dev.gantry.runtime.program.Label;
import dev.gantry.runtime.program.OnError;
import dev.gantry.runtime.program.Operand;
import dev.gantry.runtime.program.ProgramBuilder;
import dev.gantry.runtime.program.Role;
import dev.gantry.runtime.program.Slot;
import dev.gantry.runtime.program.StructType;
import dev.gantry.runtime.program.Syscall;

/// A process that is started in the middle of a launch, and waited for.
///
/// ```text
///  clone  ┬─ child: `child`, which ends with `execve`
///         └─ ppoll {pidfd, timeout} ┬─ ended: wait4 ─ status 0? go on, else refuse
///                                   └─ too late: kill, wait4, refuse
/// ```
///
/// It is made by clone(2): usual seccomp filters, which may be in force by then, refuse clone3(2).
public final class WaitedProcess {
    private static final Operand ZERO = Operand.of(0);
    private static final Operand NO_DESCRIPTOR = Operand.of(-1);
    private static final long SIGKILL = 9;

    private WaitedProcess() {}

    /// Appends the process.
    ///
    /// @param words what the process is, for errors
    /// @param timeout seconds; 0 waits for ever
    /// @param child appends what it does
    public static void append(ProgramBuilder b, String words, String why, int timeout, Runnable child) {
        Role waiting = b.role();
        Slot pid = b.slot("hook_pid");
        Slot pidfd = b.intSlot("hook_pidfd");
        Slot status = b.intSlot("hook_status");
        Label parent = b.label("hook_started");
        Label ended = b.label("hook_ended");
        Label good = b.label("hook_good");
        b.step(waiting, "run " + words, why);
        b.call(pid, Syscall.CLONE, Operand.of(Flags.CLONE_PIDFD | Flags.SIGCHLD), ZERO, b.addressOf(pidfd), ZERO, ZERO);
        b.jumpIf(pid, Condition.NOT_EQUAL, ZERO, parent);
        b.step(Role.HOOK, "execute " + words, why);
        child.run();
        b.exit(Operand.of(127));
        b.place(parent);
        b.step(waiting, "wait for " + words, why);
        if (timeout > 0) {
            inTime(b, new Running(words, why, pid, pidfd, status), timeout, ended);
        }
        b.place(ended);
        wait(b, pid, status);
        b.call(Syscall.CLOSE, pidfd);
        b.jumpIf(status, Condition.EQUAL, ZERO, good);
        b.step(words + " ended with an error", why);
        b.call(Syscall.FCHDIR, NO_DESCRIPTOR);
        b.place(good);
    }

    private record Running(String words, String why, Slot pid, Slot pidfd, Slot status) {}

    private static void inTime(ProgramBuilder b, Running process, int timeout, Label ended) {
        Slot ready = b.slot("hook_ready");
        Operand polled = b.struct(StructType.POLLFD, process.pidfd(), Operand.of(Flags.POLLIN), ZERO);
        Operand limit = b.variable(StructType.TIMESPEC, Operand.of(timeout), ZERO);
        b.call(ready, OnError.RESTART, Syscall.PPOLL, polled, Operand.of(1), limit, ZERO, ZERO);
        b.jumpIf(ready, Condition.NOT_EQUAL, ZERO, ended);
        b.step("kill " + process.words() + ", which takes too long", process.why());
        b.call(OnError.FAIL.ignore(ErrorNumber.ESRCH), Syscall.KILL, process.pid(), Operand.of(SIGKILL));
        wait(b, process.pid(), process.status());
        b.step(process.words() + " took longer than " + timeout + " s", process.why());
        b.call(Syscall.FCHDIR, NO_DESCRIPTOR);
    }

    private static void wait(ProgramBuilder b, Slot pid, Slot status) {
        b.call(OnError.RESTART, Syscall.WAIT4, pid, b.addressOf(status), Operand.of(Flags.ALL_CHILDREN), ZERO);
    }
}
