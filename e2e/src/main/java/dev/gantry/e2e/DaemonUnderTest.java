package dev.gantry.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// A daemon with roots, socket and cgroup parent of its own in a temporary directory. Closing it removes its
/// containers, stops
/// it by the pid in its pid file, and deletes the directory.
public final class DaemonUnderTest implements AutoCloseable {
    private static final Duration START = Duration.ofSeconds(40);
    private static final int LOG_TAIL = 6000;

    private final DaemonKind kind;
    private final Path directory;
    private final Process process;

    private DaemonUnderTest(DaemonKind kind, Path directory, Process process) {
        this.kind = kind;
        this.directory = directory;
        this.process = process;
    }

    /// Starts a daemon and waits until it answers.
    public static DaemonUnderTest start(DaemonKind kind, String... options) throws IOException {
        Path directory = Files.createTempDirectory("gantry-e2e");
        Files.createDirectories(directory.resolve("home/docker"));
        DaemonUnderTest daemon = new DaemonUnderTest(kind, directory, launch(kind, directory, options));
        try {
            daemon.awaitReady();
        } catch (AssertionError e) {
            IllegalStateException failure =
                    new IllegalStateException(kind + " does not answer\n" + daemon.logTail(), e);
            daemon.close();
            throw failure;
        }
        return daemon;
    }

    private static Process launch(DaemonKind kind, Path directory, String... options) throws IOException {
        List<String> words = new ArrayList<>(kind.command());
        words.addAll(List.of("--data-root", directory.resolve("data").toString()));
        words.addAll(List.of("--exec-root", directory.resolve("exec").toString()));
        words.addAll(List.of("-H", "unix://" + directory.resolve("sock")));
        words.addAll(List.of("--pidfile", directory.resolve("pid").toString()));
        words.addAll(List.of("--cgroup-parent", "/" + directory.getFileName()));
        words.addAll(List.of(options));
        ProcessBuilder builder = new ProcessBuilder(words)
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        directory.resolve("log").toFile()));
        builder.environment().putAll(new HashMap<>(Environment.forGantry()));
        return builder.start();
    }

    private void awaitReady() {
        Waiting.until(START, () -> !process.isAlive() || answers(), () -> kind + " is not ready after " + START);
        if (!process.isAlive()) {
            throw new AssertionError(kind + " exited with " + process.exitValue());
        }
    }

    private boolean answers() throws IOException {
        try (EngineConnection connection = connect()) {
            return connection.get("/_ping").status() == 200;
        }
    }

    /// A new connection to its socket.
    public EngineConnection connect() throws IOException {
        return EngineConnection.open(socket());
    }

    public DaemonKind kind() {
        return kind;
    }

    /// Its own temporary directory: `data`, `exec`, `sock`, `pid`, `log`, and the clients' `home`.
    public Path directory() {
        return directory;
    }

    public Path socket() {
        return directory.resolve("sock");
    }

    /// The pid in its pid file: the daemon's own, whatever started it.
    public long pid() throws IOException {
        return Long.parseLong(Files.readString(directory.resolve("pid")).strip());
    }

    public boolean running() {
        return process.isAlive();
    }

    /// The path of its containers' cgroup parent below each hierarchy.
    public String cgroupParent() {
        return String.valueOf(directory.getFileName());
    }

    /// The end of what it printed.
    public String logTail() {
        try {
            String log = Files.readString(directory.resolve("log"));
            return log.substring(Math.max(0, log.length() - LOG_TAIL));
        } catch (IOException e) {
            return "(no log: " + e.getMessage() + ")";
        }
    }

    /// Removes every container, by force.
    public void removeContainers() throws IOException {
        try (EngineConnection connection = connect()) {
            for (String id : connection.containerIds()) {
                EngineConnection.Response response =
                        connection.request("DELETE", "/containers/" + id + "?force=1&v=1", null);
                if (response.status() >= 300 && response.status() != 404 && response.status() != 409) {
                    throw new IOException("container " + id + " stays: " + response.text());
                }
            }
        }
    }

    @Override
    public void close() throws IOException {
        try {
            if (process.isAlive()) {
                removeContainers();
            }
        } finally {
            stop();
            cleanUpAfterDockerd();
            deleteTree(directory);
        }
    }

    private void stop() throws IOException {
        try {
            ProcessHandle.of(pid()).ifPresent(ProcessHandle::destroy);
        } catch (IOException _) {
            process.destroy(); // it wrote no pid file: it never came up
        }
        try {
            if (!process.waitFor(20, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
                throw new IOException(kind + " ignores SIGTERM\n" + logTail());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            process.destroyForcibly();
        }
    }

    /// dockerd leaves the mount of a network namespace, and runc the parents of its cgroups. Nobody cleans up after
    /// Gantry:
    /// what it leaves is an error.
    private void cleanUpAfterDockerd() throws IOException {
        if (kind == DaemonKind.GANTRY) {
            return;
        }
        for (String mount : Files.readAllLines(Path.of("/proc/self/mountinfo"))) {
            String target = mount.split(" ", -1)[4];
            if (target.startsWith(directory + "/")) {
                Command.run(List.of("umount", target), Map.of());
            }
        }
        try (Stream<Path> hierarchies = Files.list(Path.of("/sys/fs/cgroup"))) {
            for (Path hierarchy : hierarchies.toList()) {
                Files.deleteIfExists(hierarchy.resolve(cgroupParent()));
            }
        }
    }

    private static void deleteTree(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }

    /// Variables of interest, for messages.
    @Override
    public String toString() {
        return kind + " " + Map.of("directory", directory);
    }
}
