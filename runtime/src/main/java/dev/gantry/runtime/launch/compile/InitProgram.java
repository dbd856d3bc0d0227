package dev.gantry.runtime.launch.compile;

import dev.gantry.oci.runtime.Process;
import dev.gantry.runtime.program.Architecture;
import dev.gantry.runtime.program.Condition;
import dev.gantry.runtime.program.ErrorNumber;
import dev.gantry.runtime.program.Label;
import dev.gantry.runtime.program.OnError;
import dev.gantry.runtime.program.Operand;
import dev.gantry.runtime.program.Program;
import dev.gantry.runtime.program.ProgramBuilder;
import dev.gantry.runtime.program.Slot;
import dev.gantry.runtime.program.Syscall;
import dev.gantry.runtime.program.encode.Assembler;
import dev.gantry.runtime.program.part.InitProcess;
import java.nio.charset.StandardCharsets;

/// The init of `--init` as a file of its own, which another runtime executes in place of a container's command: it
/// knows that command, and needs no argument.
public final class InitProgram {
    private static final int STANDARD_ERROR = 2;
    /// As shells, and Docker's init, say it.
    private static final int NOT_FOUND = 127;

    private static final int NOT_EXECUTABLE = 126;
    private static final String ITEM = "process.args";

    private final ProgramBuilder b = new ProgramBuilder(Program.NO_REPORT);
    private final Process process;

    private InitProgram(Process process) {
        this.process = process;
    }

    /// A static ELF executable for this host that is process 1, and executes a process as its child.
    public static byte[] executable(Process process) {
        InitProgram program = new InitProgram(process);
        InitProcess.appendBehindFilter(program.b, program::execute);
        return Assembler.assemble(program.b.build(), Architecture.host());
    }

    /// Searches `PATH` as execvpe(3) does: a file that may not be executed counts only if there is no other.
    private void execute() {
        String command = process.args().getFirst();
        Operand arguments = b.strings(process.args());
        Operand environment = b.strings(process.env());
        Slot denied = b.slot("denied");
        b.move(denied, Operand.of(0));
        b.step("init: execute " + command, ITEM);
        for (String candidate : ExecuteSteps.candidates(command, process.env())) {
            Label refused = b.label("refused");
            Label next = b.label("next");
            OnError goOn = OnError.jump(refused).jump(ErrorNumber.ENOENT, next).jump(ErrorNumber.ENOTDIR, next);
            b.call(goOn, Syscall.EXECVE, b.string(candidate), arguments, environment);
            b.place(refused);
            b.move(denied, Operand.of(1));
            b.place(next);
        }
        Label missing = b.label("missing");
        b.jumpIf(denied, Condition.EQUAL, Operand.of(0), missing);
        end(command, "permission denied", NOT_EXECUTABLE);
        b.place(missing);
        end(command, "no such file or directory", NOT_FOUND);
    }

    private void end(String command, String reason, int code) {
        byte[] text = ("exec " + command + ": " + reason + "\n").getBytes(StandardCharsets.UTF_8);
        b.call(OnError.IGNORE, Syscall.WRITE, Operand.of(STANDARD_ERROR), b.bytes(text), Operand.of(text.length));
        b.exit(Operand.of(code));
    }
}
