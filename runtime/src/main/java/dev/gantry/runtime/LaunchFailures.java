package dev.gantry.runtime;

import dev.gantry.kernel.Errno;
import dev.gantry.kernel.SafeDirectory;
import dev.gantry.oci.runtime.Process;
import dev.gantry.runtime.command.CommandFile;
import dev.gantry.runtime.launch.LaunchCalls;
import dev.gantry.runtime.launch.LaunchPlan;
import dev.gantry.runtime.shim.LaunchReports;
import java.io.IOException;

/// Says in words which step of a launch failed, with Docker's texts where its clients know them.
///
/// @param root of the container that the command was to be executed in
record LaunchFailures(LaunchCalls calls, Process process, SafeDirectory root) {

    LaunchFailures(LaunchPlan plan, Process process, SafeDirectory root) {
        this(LaunchCalls.of(plan), process, root);
    }

    LaunchException of(LaunchReports.Outcome.Failed failed) {
        LaunchCalls.Call call = calls.find(failed.report().step()).orElseThrow();
        Errno errno = new Errno(failed.report().errno());
        String step = call.step();
        return switch (call.purpose()) {
            case HOOK -> new LaunchException(step, step + ": " + errno.description(), errno, LaunchException.SETUP);
            case COMMAND -> command(step, errno);
            case REFUSAL -> new LaunchException(step, step, errno, LaunchException.SETUP);
            case SET_UP ->
                new LaunchException(
                        step,
                        step + ": " + call.syscall() + ": " + errno.symbol() + " (" + errno.description() + ")",
                        errno,
                        LaunchException.SETUP);
        };
    }

    /// Throws what the execution of the command would end with, as far as that can be told beforehand.
    void refuseMissingCommand() throws IOException {
        Errno errno = new CommandFile(root, process.cwd()).foreseen(calls.candidates());
        if (errno != null) {
            throw command("execute", errno);
        }
    }

    private LaunchException command(String step, Errno errno) {
        String command = process.args().getFirst();
        CommandFile.Problem problem = new CommandFile(root, process.cwd())
                .problem(command, calls.candidates(), errno)
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
        return command.contains("/") ? "stat " + command + ": " + errno.description() : CommandFile.NOT_FOUND.text();
    }
}
