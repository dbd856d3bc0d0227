package dev.gantry.runtime.launch.compile;

import static dev.gantry.runtime.launch.compile.Emitter.ZERO;
import static dev.gantry.runtime.launch.compile.Emitter.value;

import dev.gantry.runtime.launch.LaunchPlan;
import dev.gantry.runtime.launch.ProcessPlan;
import dev.gantry.runtime.program.Condition;
import dev.gantry.runtime.program.ErrorNumber;
import dev.gantry.runtime.program.Label;
import dev.gantry.runtime.program.OnError;
import dev.gantry.runtime.program.Operand;
import dev.gantry.runtime.program.Program;
import dev.gantry.runtime.program.ProgramBuilder;
import dev.gantry.runtime.program.Report;
import dev.gantry.runtime.program.Slot;
import dev.gantry.runtime.program.StructType;
import dev.gantry.runtime.program.Syscall;
import java.util.ArrayList;
import java.util.List;

/// Executes the command, searching `PATH` as execvpe(3) does, inside the container's root.
final class ExecuteSteps {
    private static final String PATH = "PATH=";
    /// What execvpe(3) searches without `PATH`.
    private static final String DEFAULT_PATH = "/bin:/usr/bin";

    private final Emitter e;
    private final ProgramBuilder b;
    private final ProcessPlan process;

    ExecuteSteps(Emitter e, ProcessPlan process) {
        this.e = e;
        this.b = e.b;
        this.process = process;
    }

    /// Where a command is looked for, in order.
    static List<String> candidates(String command, List<String> environment) {
        if (command.contains("/")) {
            return List.of(command);
        }
        String path = environment.stream()
                .filter(each -> each.startsWith(PATH))
                .map(each -> each.substring(PATH.length()))
                .reduce(DEFAULT_PATH, (_, last) -> last);
        List<String> result = new ArrayList<>();
        for (String directory : path.split(":", -1)) {
            result.add(directory.isEmpty() ? command : directory + "/" + command);
        }
        return result;
    }

    /// From here only stdio survives `execve`, and what the caller hands on.
    void closeOnExec() {
        e.step("let only the standard streams survive", "default");
        int first = DescriptorPlan.FIRST + process.preserved();
        b.call(Syscall.CLOSE_RANGE, value(first), value(0xFFFF_FFFFL), value(Uapi.CLOSE_RANGE_CLOEXEC));
    }

    /// Says that set-up is done.
    void announce() {
        e.step("report that the command comes next", "default");
        b.call(
                Syscall.WRITE,
                value(b.reportDescriptor()),
                b.struct(StructType.RECORD, value(Report.EXECUTING), ZERO, ZERO, ZERO),
                value(Report.SIZE));
    }

    /// Waits until a later daemon would take this process back. If the daemon goes away before, so does the process:
    /// what nobody has a record of must not run.
    ///
    /// Of a pipe that nobody reads any more poll(2) says `POLLERR`. It is asked before the eventfd, to which
    /// nothing is written from then on; and it is asked for nothing, as a pipe that is read can always be written.
    void awaitRecord() {
        Operand.Address polled = b.variable(
                StructType.POLLFD,
                value(b.reportDescriptor()),
                ZERO,
                ZERO,
                e.descriptor(LaunchPlan.RECORDED),
                value(Uapi.POLLIN),
                ZERO);
        Slot recorded = polled.field("recorded_events", 14, 2);
        Label done = e.label("recorded");
        e.step("wait until the daemon has recorded the process", "default");
        b.call(OnError.RESTART, Syscall.PPOLL, polled, value(2), ZERO, ZERO, ZERO);
        b.jumpIf(recorded, Condition.NOT_EQUAL, ZERO, done);
        e.refuse();
        b.place(done);
    }

    /// Ends the launch as far as `create` is concerned: from here on `start` reads what fails.
    ///
    /// @param gate a pipe that this process may write to itself, so that it has no end of file
    /// @param reports another, which this process may read itself, so that it has a reader
    void awaitStart(Operand gate, Operand reports) {
        e.step("wait for `start`", "default");
        b.call(Syscall.DUP3, reports, value(b.reportDescriptor()), value(Uapi.O_CLOEXEC));
        b.call(OnError.RESTART, Syscall.READ, gate, b.buffer("start", 8), value(1));
    }

    void execute() {
        String command = process.arguments().getFirst();
        List<String> candidates = candidates(command, process.environment());
        Operand arguments = b.strings(process.arguments());
        Operand environment = b.strings(process.environment());
        e.step("execute " + command, "process.args");
        if (candidates.size() == 1) {
            b.call(Syscall.EXECVE, e.text(candidates.getFirst()), arguments, environment);
        } else {
            search(candidates, arguments, environment);
        }
        b.exit(value(Program.FAILURE_EXIT_CODE));
    }

    /// A file that is there and may not be executed is reported, but only if none of the others can be.
    private void search(List<String> candidates, Operand arguments, Operand environment) {
        Slot denied = b.slot("denied");
        for (String candidate : candidates) {
            Label next = e.label("next");
            Label noAccess = e.label("no_access");
            OnError goOn = OnError.FAIL
                    .jump(ErrorNumber.ENOENT, next)
                    .jump(ErrorNumber.ENOTDIR, next)
                    .jump(ErrorNumber.EACCES, noAccess);
            b.call(goOn, Syscall.EXECVE, e.text(candidate), arguments, environment);
            b.place(noAccess);
            b.move(denied, e.text(candidate));
            b.place(next);
        }
        Label missing = e.label("missing");
        b.jumpIf(denied, Condition.EQUAL, ZERO, missing);
        b.call(Syscall.EXECVE, denied, arguments, environment);
        b.place(missing);
        b.call(Syscall.EXECVE, e.text(candidates.getFirst()), arguments, environment);
    }
}
