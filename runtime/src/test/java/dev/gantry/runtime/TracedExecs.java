package dev.gantry.runtime;

import dev.gantry.kernel.Poller;
import dev.gantry.kernel.Signal;
import dev.gantry.oci.runtime.Process;
import dev.gantry.oci.runtime.Spec;
import dev.gantry.oci.runtime.User;
import dev.gantry.runtime.explain.Origins;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/// Starts a container for each option set and executes one process in it, in a process that strace(1) follows.
///
/// The arguments are those of [TracedContainers].
final class TracedExecs {
    private TracedExecs() {}

    /// Execs whose options differ in what their launch programs do.
    enum ExecSet {
        PLAIN,
        TERMINAL_USER_DIRECTORY_AND_VARIABLES;

        ExecLaunch launch() {
            boolean all = this != PLAIN;
            Process main = OptionSet.USER_WITH_CAPABILITIES.spec().process();
            return new ExecLaunch(
                    new Process(
                            all,
                            all ? new Process.ConsoleSize(24, 80) : null,
                            all ? main.user() : User.ROOT,
                            List.of("true"),
                            all ? List.of("PATH=/sbin:/bin", "A=b c") : main.env(),
                            all ? "/bin" : "/",
                            main.capabilities(),
                            main.rlimits(),
                            false,
                            null,
                            null,
                            null,
                            null,
                            null,
                            null),
                    true,
                    false);
        }

        Origins origins() {
            return new Origins(Map.of("process.user", "--user 1000", "process.cwd", "--workdir /bin"));
        }
    }

    public static void main(String[] arguments) throws Exception {
        Path directory = Path.of(arguments[0]);
        try (Poller poller = Poller.start("traced")) {
            HostRuntime runtime = runtime(poller, TracedContainers.options(directory, arguments[1]));
            for (ExecSet options : ExecSet.values()) {
                RunningContainer container = start(runtime, options, directory);
                Files.createDirectory(directory.resolve("exec-" + options));
                try (ContainerProcess process = container.exec(options.launch())) {
                    byte[] _ = process.stdout().readAllBytes();
                    process.awaitExit();
                    process.drained();
                }
                end(container);
            }
        }
    }

    private static HostRuntime runtime(Poller poller, RuntimeOptions options) throws IOException {
        return new HostRuntime(poller, options, UnaryOperator.identity(), Optional.empty());
    }

    /// A container in which nothing happens; its name is the option set's.
    static RunningContainer start(ContainerRuntime runtime, ExecSet options, Path directory) throws IOException {
        Path upper = Files.createDirectories(directory.resolve("upper-" + options));
        Path work = Files.createDirectories(directory.resolve("work-" + options));
        Spec spec = OptionSet.DEFAULT.spec();
        return runtime.start(new ContainerLaunch(
                options.name(),
                spec.withProcess(spec.process().withArgs(List.of("sleep", "1000"))),
                runtime.mount(new RootFileSystem.Overlay(List.of(directory.resolve("image")), upper, work)),
                false,
                false,
                Origins.NONE));
    }

    static void end(RunningContainer container) throws IOException, InterruptedException {
        try (container) {
            container.kill(Signal.KILL);
            container.awaitExit();
            container.drained();
            container.delete();
        }
    }
}
