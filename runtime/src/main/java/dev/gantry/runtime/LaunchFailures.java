package dev.gantry.runtime;

import dev.gantry.kernel.Errno;
import dev.gantry.kernel.SafeDirectory;
import dev.gantry.oci.runtime.Process;
import dev.gantry.runtime.command.CommandFile;
import dev.gantry.runtime.launch.LaunchPlan;
import dev.gantry.runtime.program.Instruction;
import dev.gantry.runtime.program.Item;
import dev.gantry.runtime.program.Operand;
import dev.gantry.runtime.program.Role;
import dev.gantry.runtime.program.Syscall;
import dev.gantry.runtime.shim.LaunchReports;
import java.io.IOException;
import java.util.List;

/// Says in words which step of a launch failed, with Docker's texts where its clients know them.
///
/// @param root of the container that the command was to be executed in
record LaunchFailures(LaunchPlan plan, Process process, SafeDirectory root) {

    LaunchException of(LaunchReports.Outcome.Failed failed) {
        Instruction.Call call = plan.program().calls().get(failed.report().step());
        Errno errno = new Errno(failed.report().errno());
        String step = call.step().words();
        if (call.step().role() == Role.HOOK) {
            return new LaunchException(step, step + ": " + errno.description(), errno, LaunchException.SETUP);
        } else if (call.syscall() == Syscall.EXECVE) {
            return command(step, errno);
        } else if (call.syscall() == Syscall.FCHDIR
                && call.arguments().getFirst().equals(Operand.of(-1))) {
            // what the program has found out itself
            return new LaunchException(step, step, errno, LaunchException.SETUP);
        }
        return new LaunchException(
                step,
                step + ": " + call.syscall().text() + ": " + errno.symbol() + " (" + errno.description() + ")",
                errno,
                LaunchException.SETUP);
    }

    /// Throws what the execution of the command would end with, as far as that can be told beforehand.
    void refuseMissingCommand() throws IOException {
        Errno errno = new CommandFile(root, process.cwd()).foreseen(candidates());
        if (errno != null) {
            throw command("execute", errno);
        }
    }

    private LaunchException command(String step, Errno errno) {
        String command = process.args().getFirst();
        CommandFile.Problem problem = new CommandFile(root, process.cwd())
                .problem(candidates(), errno)
                .orElseGet(() -> new CommandFile.Problem(plain(command, errno), errno));
        boolean missing =
                problem.errno().equals(Errno.ENOENT) || problem.errno().equals(Errno.ENOTDIR);
        return new LaunchException(
                step,
                "exec: \"" + command + "\": " + problem.text(),
                errno,
                missing ? LaunchException.NOT_FOUND : LaunchException.NOT_EXECUTABLE);
    }

    private static String plain(String command, Errno errno) {
        if (!errno.equals(Errno.ENOENT) && !errno.equals(Errno.ENOTDIR)) {
            return errno.description();
        }
        return command.contains("/")
                ? "stat " + command + ": " + errno.description()
                : "executable file not found in $PATH";
    }

    /// The files that the program tries to execute.
    private List<String> candidates() {
        return plan.program().calls().stream()
                .filter(call -> call.syscall() == Syscall.EXECVE && call.step().role() != Role.HOOK)
                .map(call -> call.arguments().getFirst())
                .filter(Operand.Address.class::isInstance)
                .map(address -> ((Operand.Address) address).item())
                .filter(Item.Text.class::isInstance)
                .map(text -> ((Item.Text) text).value())
                .distinct()
                .toList();
    }
}
