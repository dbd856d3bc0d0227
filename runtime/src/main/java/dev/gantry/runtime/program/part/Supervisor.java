package dev.gantry.runtime.program.part;

import dev.gantry.runtime.program.Condition;
import dev.gantry.runtime.program.ErrorNumber;
import dev.gantry.runtime.program.Label;
import dev.gantry.runtime.program.OnError;
import dev.gantry.runtime.program.Operand;
import dev.gantry.runtime.program.Operand.Address;
import dev.gantry.runtime.program.Operation;
import dev.gantry.runtime.program.ProgramBuilder;
import dev.gantry.runtime.program.Report;
import dev.gantry.runtime.program.Role;
import dev.gantry.runtime.program.Section;
import dev.gantry.runtime.program.Slot;
import dev.gantry.runtime.program.StructType;
import dev.gantry.runtime.program.Syscall;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/// What the shim does once the container's process exists: it reports its process ID, closes what it does not need,
/// unmaps the launch code, and waits.
///
/// ```text
///           ┌─► ppoll {pidfd, control} ◄──────────────────────────────────────────┐
///           │     │ child ended: waitid, clock_gettime, pwrite record, wake exited │
///           │     │ 'c' on control: close the write end of stdin                   │
///           │     │ 'd' on control: the pipes are drained ─── child ended? ── no ──┘
///           └─────┘                                              └─ yes: exit
/// ```
///
/// The shim outlives the container until its pipes are drained, so the last output of a container that ends while no
/// daemon runs is not lost. It keeps both ends of the control pipe: the daemon's death is no event.
/// Once it waits it ignores every error: there is nobody to tell, and nothing better to do than to go on.
///
/// @param control read end of the control pipe
/// @param statusFile where the [ExitRecord] is written
/// @param exitedEvent an eventfd that is signalled after the record is written
/// @param standardInput write end of the container's stdin, if it has one
/// @param pidfd the number that the child's pidfd is moved to; must be free
/// @param held other descriptors that stay open: the control pipe's write end, read ends of stdout and stderr, or the
///     pty's master and the pipe behind it
public record Supervisor(
        int control, int statusFile, int exitedEvent, OptionalInt standardInput, int pidfd, List<Integer> held)
        implements ParentBranch {
    private static final Operand ZERO = Operand.of(0);
    private static final OnError RESTART_OR_GO_ON = OnError.IGNORE.retry(ErrorNumber.EINTR, 1 << 20);

    public Supervisor {
        held = List.copyOf(held);
    }

    @Override
    public void append(ProgramBuilder b, Slot pid, Slot openedPidfd) {
        append(b, b::call, pid, openedPidfd);
    }

    @Override
    public void append(ProgramBuilder b, Descriptors.Calls calls, Slot pid, Slot openedPidfd) {
        report(b, calls, pid);
        b.step("keep only what must outlive the daemon", "default");
        // without it nobody would learn of the end; EINVAL: it has this number already
        OnError unlessThere = OnError.FAIL.ignore(ErrorNumber.EINVAL);
        calls.call(unlessThere, Syscall.DUP3, openedPidfd, Operand.of(pidfd), Operand.of(Flags.O_CLOEXEC));
        closeOthers(calls);
        b.section(Section.RESIDENT);
        b.step("unmap the launch code", "default");
        b.releaseLaunchPages();
        new Loop(b).append();
    }

    static void report(ProgramBuilder b, Descriptors.Calls calls, Slot pid) {
        b.step(Role.SHIM, "report the container's process", "default");
        calls.call(
                OnError.FAIL,
                Syscall.WRITE,
                Operand.of(b.reportDescriptor()),
                b.struct(StructType.RECORD, Operand.of(Report.STARTED), pid, ZERO, ZERO),
                Operand.of(Report.SIZE));
    }

    private void closeOthers(Descriptors.Calls calls) {
        var kept = new ArrayList<>(held);
        kept.addAll(List.of(control, statusFile, exitedEvent, pidfd));
        standardInput.ifPresent(kept::add);
        Descriptors.closeFrom(calls, 3, kept);
    }

    /// The resident part.
    private final class Loop {
        private final ProgramBuilder b;
        private final Label loop;
        private final Label onControl;
        private final Label onDrained;
        private final Label finish;
        private final Address polled;
        private final Slot watchedPidfd;
        private final Slot pidfdEvents;
        private final Slot controlEvents;
        private final Address command;
        private final Slot ended;
        private final Slot drained;

        Loop(ProgramBuilder b) {
            this.b = b;
            loop = b.label("wait");
            onControl = b.label("control");
            onDrained = b.label("drained");
            finish = b.label("finish");
            polled = b.variable(
                    StructType.POLLFD,
                    Operand.of(pidfd),
                    Operand.of(Flags.POLLIN),
                    ZERO,
                    Operand.of(control),
                    Operand.of(Flags.POLLIN),
                    ZERO);
            watchedPidfd = polled.field("pidfd", 0, 4);
            pidfdEvents = polled.field("pidfd_events", 6, 2);
            controlEvents = polled.field("control_events", 14, 2);
            command = b.buffer("command", 8);
            ended = b.slot("ended");
            drained = b.slot("drained");
        }

        void append() {
            b.place(loop);
            b.step("wait for the container's end or the daemon's word", "default");
            b.call(OnError.jump(loop), Syscall.PPOLL, polled, Operand.of(2), ZERO, ZERO, ZERO);
            b.jumpIf(pidfdEvents, Condition.EQUAL, ZERO, onControl);
            recordEnd();
            b.place(onControl);
            b.jumpIf(controlEvents, Condition.EQUAL, ZERO, loop);
            obey();
            b.place(finish);
            b.step("end: output is drained and the exit recorded", "default");
            b.exit(ZERO);
        }

        private void recordEnd() {
            Address record = ExitRecord.allocate(b);
            b.step("collect the exit status", "default");
            b.call(
                    RESTART_OR_GO_ON,
                    Syscall.WAITID,
                    Operand.of(Flags.P_PIDFD),
                    Operand.of(pidfd),
                    at(record, ExitRecord.SIGINFO),
                    Operand.of(Flags.WEXITED),
                    at(record, ExitRecord.RUSAGE));
            b.call(
                    OnError.IGNORE,
                    Syscall.CLOCK_GETTIME,
                    Operand.of(Flags.CLOCK_REALTIME),
                    at(record, ExitRecord.FINISHED));
            b.step("record the exit status", "default");
            b.call(
                    RESTART_OR_GO_ON,
                    Syscall.PWRITE64,
                    Operand.of(statusFile),
                    record,
                    Operand.of(ExitRecord.SIZE),
                    ZERO);
            Address one = b.variable(StructType.LONG, Operand.of(1));
            b.call(OnError.IGNORE, Syscall.WRITE, Operand.of(exitedEvent), one, Operand.of(8));
            b.call(OnError.IGNORE, Syscall.CLOSE, Operand.of(pidfd));
            b.move(watchedPidfd, Operand.of(-1));
            b.move(ended, Operand.of(1));
            b.jumpIf(drained, Condition.NOT_EQUAL, ZERO, finish);
        }

        private void obey() {
            Slot letter = command.field("command", 0, 1);
            b.step("obey the daemon", "default");
            b.move(letter, ZERO);
            b.call(RESTART_OR_GO_ON, Syscall.READ, Operand.of(control), command, Operand.of(1));
            b.jumpIf(letter, Condition.EQUAL, Operand.of(DRAINED), onDrained);
            standardInput.ifPresent(number -> {
                b.jumpIf(letter, Condition.NOT_EQUAL, Operand.of(CLOSE_INPUT), loop);
                b.step("close stdin", "default");
                b.call(OnError.IGNORE, Syscall.CLOSE, Operand.of(number));
            });
            b.jump(loop);
            b.place(onDrained);
            b.compute(drained, Operation.MOVE, Operand.of(1));
            b.jumpIf(ended, Condition.EQUAL, ZERO, loop);
        }

        private static Address at(Address record, int offset) {
            return new Address(record.item(), offset);
        }
    }

    /// Command on the control pipe: close the write end of the container's stdin.
    public static final int CLOSE_INPUT = 'c';
    /// Command on the control pipe: all output has been taken over.
    public static final int DRAINED = 'd';
}
