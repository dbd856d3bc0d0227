package dev.gantry.runtime.program.part;

import dev.gantry.runtime.program.Condition;
import dev.gantry.runtime.program.ErrorNumber;
import dev.gantry.runtime.program.Label;
import dev.gantry.runtime.program.OnError;
import dev.gantry.runtime.program.Operand;
import dev.gantry.runtime.program.Operand.Address;
import dev.gantry.runtime.program.Operation;
import dev.gantry.runtime.program.ProgramBuilder;
import dev.gantry.runtime.program.Role;
import dev.gantry.runtime.program.Section;
import dev.gantry.runtime.program.Slot;
import dev.gantry.runtime.program.StructType;
import dev.gantry.runtime.program.Syscall;
import java.util.List;
import java.util.function.Consumer;

/// The small init of `--init`: process 1 starts the command, reaps every orphan, forwards signals to the command,
/// and ends with its exit code (128 + n if signal n ended it).
///
/// As with Docker's init, the command leads a process group of its own, which is the terminal's foreground group
/// if stdin is a terminal; a signal goes to the command, not to its group.
/// Blocked signals are queued for process 1 although it has no handlers (the kernel discards only unblocked ones), and
/// rt_sigtimedwait(2) takes them one by one.
public final class InitProcess {
    private static final Operand ZERO = Operand.of(0);
    private static final String WHY = "--init";

    private InitProcess() {}

    /// Appends the init; the flow does not go on after it.
    ///
    /// @param command appends what is left to do in the command's process; ends with `execve`
    public static void append(ProgramBuilder b, Runnable command) {
        append(b, main -> Start.clone3(b, main, 0, ZERO, Flags.SIGCHLD, ZERO), command);
    }

    /// The same behind a seccomp filter that is there already, and may say of clone3(2) that there is none: its flags
    /// are in memory, where filters see nothing.
    public static void appendBehindFilter(ProgramBuilder b, Runnable command) {
        append(b, main -> b.call(main, Syscall.CLONE, Operand.of(Flags.SIGCHLD), ZERO, ZERO, ZERO, ZERO), command);
    }

    private static void append(ProgramBuilder b, Consumer<Slot> clone, Runnable command) {
        Slot main = b.slot("main");
        Label init = b.label("init");
        b.step(Role.CONTAINER, "init: block signals, to take them one by one", WHY);
        SignalMask.blockAll(b);
        b.step("init: start the command", WHY);
        clone.accept(main);
        b.jumpIf(main, Condition.NOT_EQUAL, ZERO, init);
        appendCommand(b, command);
        b.place(init);
        b.step(Role.CONTAINER, "init: keep only stdio", WHY);
        Descriptors.closeFrom(b, 3, List.of());
        b.section(Section.RESIDENT);
        b.step("init: unmap the launch code", WHY);
        b.releaseLaunchPages();
        appendLoop(b, main);
    }

    private static void appendCommand(ProgramBuilder b, Runnable command) {
        b.step(Role.COMMAND, "lead the terminal's foreground process group", WHY);
        b.call(Syscall.SETPGID, ZERO, ZERO);
        Slot group = b.intSlot("group");
        b.call(group, Syscall.GETPID);
        // Signals are blocked here, so a process of the background may do this; without a terminal it does not matter.
        b.call(OnError.IGNORE, Syscall.IOCTL, ZERO, Operand.of(Flags.TIOCSPGRP), b.addressOf(group));
        b.step("unblock signals", WHY);
        SignalMask.unblockAll(b);
        command.run();
    }

    private static void appendLoop(ProgramBuilder b, Slot main) {
        Label loop = b.label("init_wait");
        Label reap = b.label("init_reap");
        Slot signal = b.slot("signal");
        Address every = b.variable(StructType.SIGSET, Operand.of(Flags.ALL_SIGNALS));
        b.place(loop);
        b.step("init: wait for a signal", WHY);
        b.call(signal, OnError.jump(loop), Syscall.RT_SIGTIMEDWAIT, every, ZERO, ZERO, Operand.of(Flags.SIGSET_SIZE));
        b.jumpIf(signal, Condition.EQUAL, Operand.of(Flags.SIGCHLD), reap);
        b.step("init: forward it to the command", WHY);
        b.call(OnError.IGNORE, Syscall.KILL, main, signal);
        b.jump(loop);
        b.place(reap);
        appendReaping(b, main, loop, reap);
    }

    private static void appendReaping(ProgramBuilder b, Slot main, Label loop, Label reap) {
        Slot status = b.intSlot("status");
        Slot reaped = b.slot("reaped");
        Slot code = b.slot("code");
        Label killed = b.label("init_killed");
        b.step("init: reap", WHY);
        OnError again = OnError.jump(loop).retry(ErrorNumber.EINTR, 1 << 20);
        b.call(
                reaped,
                again,
                Syscall.WAIT4,
                Operand.of(-1),
                b.addressOf(status),
                Operand.of(Flags.WNOHANG | Flags.ALL_CHILDREN),
                ZERO);
        b.jumpIf(reaped, Condition.EQUAL, ZERO, loop);
        b.jumpIf(reaped, Condition.NOT_EQUAL, main, reap);
        b.step("init: end as the command ended", WHY);
        b.move(code, status);
        b.compute(code, Operation.AND, Operand.of(0x7f));
        b.jumpIf(code, Condition.NOT_EQUAL, ZERO, killed);
        b.move(code, status);
        b.compute(code, Operation.SHIFT_RIGHT, Operand.of(8));
        b.compute(code, Operation.AND, Operand.of(0xff));
        b.exit(code);
        b.place(killed);
        b.compute(code, Operation.ADD, Operand.of(128));
        b.exit(code);
    }
}
