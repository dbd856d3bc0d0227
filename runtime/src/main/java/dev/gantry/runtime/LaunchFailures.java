package dev.gantry.runtime;

import dev.gantry.kernel.Errno;
import dev.gantry.runtime.launch.LaunchPlan;
import dev.gantry.runtime.program.Instruction;
import dev.gantry.runtime.program.Report;
import dev.gantry.runtime.program.Syscall;
import java.util.List;

/// Says in words which step of a launch failed, with Docker's texts where its clients know them.
final class LaunchFailures {
    private LaunchFailures() {}

    static LaunchException of(LaunchPlan plan, List<String> command, Report.Failed failed) {
        Instruction.Call call = plan.program().calls().get(failed.step());
        Errno errno = new Errno(failed.errno());
        String step = call.step().words();
        if (call.syscall() == Syscall.EXECVE) {
            return command(step, command.getFirst(), errno);
        }
        return new LaunchException(
                step,
                step + ": " + call.syscall().text() + ": " + errno.symbol() + " (" + errno.description() + ")",
                errno,
                LaunchException.SETUP);
    }

    private static LaunchException command(String step, String command, Errno errno) {
        if (errno.equals(Errno.ENOENT) || errno.equals(Errno.ENOTDIR)) {
            String text = command.contains("/")
                    ? "stat " + command + ": " + errno.description()
                    : "executable file not found in $PATH";
            return new LaunchException(step, "exec: \"" + command + "\": " + text, errno, LaunchException.NOT_FOUND);
        }
        return new LaunchException(
                step, "exec: \"" + command + "\": " + errno.description(), errno, LaunchException.NOT_EXECUTABLE);
    }
}
