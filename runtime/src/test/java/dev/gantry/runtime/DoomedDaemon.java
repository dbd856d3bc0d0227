package dev.gantry.runtime;

import dev.gantry.kernel.Poller;
import dev.gantry.oci.runtime.Process;
import dev.gantry.oci.runtime.Spec;
import dev.gantry.runtime.explain.Origins;
import dev.gantry.runtime.external.RuntimeProgram;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/// A process that starts a container and executes processes in it, as a daemon would, until it is killed.
final class DoomedDaemon implements AutoCloseable {
    static final String ID = "survivor";
    static final Path RUNC = Path.of("/usr/sbin/runc");

    private final java.lang.Process process;
    private final BufferedReader answers;

    private DoomedDaemon(java.lang.Process process) {
        this.process = process;
        this.answers = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    /// What is started: the scripts of a container and of execs in it.
    ///
    /// @param options `terminal`, `pause`, `close-stdin`, `runc`
    record Work(String script, List<String> options, List<String> execs) {
        static Work of(String script, String... options) {
            return new Work(script, List.of(options), List.of());
        }

        Work executing(String... scripts) {
            return new Work(script, options, List.of(scripts));
        }
    }

    /// What it said of the container before its end.
    record Told(String id, int pid, String startedAt, List<Integer> execs) {}

    static DoomedDaemon start(TestHost host, Work work) throws IOException {
        return start(host, work, List.of());
    }

    /// Starts a daemon that is killed when it is about to make a record count.
    ///
    /// @param record the file's name
    static DoomedDaemon dyingBeforeRecord(TestHost host, Work work, String record) throws IOException {
        String path = host.state().resolve(ID).resolve(record + ".new").toString();
        String fault = "inject=rename,renameat,renameat2:error=EIO:signal=KILL";
        return start(host, work, List.of("strace", "-f", "-qq", "-o", "/dev/null", "-P", path, "-e", fault));
    }

    private static DoomedDaemon start(TestHost host, Work work, List<String> tracer) throws IOException {
        List<String> words = new ArrayList<>(tracer);
        words.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                DoomedDaemon.class.getName(),
                host.state().getParent().toString(),
                host.cgroupParent(),
                work.script(),
                String.join(",", work.options())));
        words.addAll(work.execs());
        return new DoomedDaemon(new ProcessBuilder(words)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start());
    }

    Told told() throws IOException {
        String line = answers.readLine();
        if (line == null) {
            throw new AssertionError("it has ended by itself");
        }
        String[] words = line.split(" ", -1);
        List<Integer> execs = new ArrayList<>();
        for (int i = 3; i < words.length; i++) {
            execs.add(Integer.valueOf(words[i]));
        }
        return new Told(words[0], Integer.parseInt(words[1]), words[2], execs);
    }

    /// Waits until a daemon that is traced has been killed: its tracer follows what it has started, too.
    ///
    /// @param begun what it writes before
    void awaitEnd(Path begun) throws Exception {
        TestHost.await(
                "the end of the daemon",
                () -> Files.exists(begun) && process.descendants().noneMatch(DoomedDaemon::isJava));
    }

    private static boolean isJava(ProcessHandle each) {
        return each.info().command().orElse("").endsWith("/java");
    }

    /// As `kill -9`; returns when it is gone.
    @Override
    public void close() {
        process.destroyForcibly();
        boolean interrupted = false;
        while (process.isAlive()) {
            try {
                process.waitFor();
            } catch (InterruptedException _) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    public static void main(String[] arguments) throws Exception {
        Path directory = Path.of(arguments[0]);
        List<String> options = List.of(arguments[3].split(",", -1));
        try (Poller poller = Poller.start("doomed")) {
            ContainerRuntime runtime = ContainerRuntime.on(
                    poller, new RuntimeOptions(directory.resolve("state"), arguments[1], null, _ -> {}));
            Path upper = Files.createDirectory(directory.resolve("upper"));
            Path work = Files.createDirectory(directory.resolve("work"));
            var root = new RootFileSystem.Overlay(List.of(directory.resolve("image")), upper, work);
            Spec spec = TestHost.with(
                    TestHost.spec("sh", "-c", arguments[2]), "process.terminal", options.contains("terminal"));
            RuntimeProgram program = options.contains("runc") ? new RuntimeProgram("runc", RUNC, List.of()) : null;
            try (RunningContainer container = runtime.start(
                    new ContainerLaunch(ID, spec, runtime.mount(root), true, false, Origins.NONE, program))) {
                work(container, options, List.of(arguments).subList(4, arguments.length));
                LockSupport.parkNanos(TimeUnit.MINUTES.toNanos(5));
            }
        }
    }

    private static void work(RunningContainer container, List<String> options, List<String> scripts)
            throws IOException {
        StringBuilder told = new StringBuilder(ID + " " + container.pid() + " " + container.startedAt());
        int number = 0;
        for (String script : scripts) {
            Process process = TestHost.spec("sh", "-c", script).process();
            ContainerProcess executed = container.exec(new ExecLaunch("exec" + ++number, process, true, false));
            told.append(' ').append(executed.pid());
        }
        if (options.contains("close-stdin")) {
            container.stdin().close();
        }
        if (options.contains("pause")) {
            container.pause();
        }
        System.out.println(told);
    }
}
