package dev.gantry.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// A daemon with roots, socket and cgroup parent of its own in a temporary directory. Closing it removes its
/// containers, stops it by the pid in its pid file, and deletes the directory.
public final class DaemonUnderTest implements AutoCloseable {
    private static final Duration START = Duration.ofSeconds(40);
    private static final Duration END = Duration.ofSeconds(40);
    private static final int LOG_TAIL = 6000;

    private final DaemonKind kind;
    private final Path directory;
    private final Path dataRoot;
    private final Map<String, String> environment;
    private final List<String> options;
    private final Map<Path, Path> seen;
    private Process process;

    private DaemonUnderTest(
            DaemonKind kind,
            Path directory,
            Path dataRoot,
            Map<String, String> environment,
            Map<Path, Path> seen,
            List<String> options)
            throws IOException {
        this.seen = seen;
        this.kind = kind;
        this.directory = directory;
        this.dataRoot = dataRoot;
        this.environment = environment;
        this.options = options;
        this.process = launch();
    }

    /// Starts a daemon and waits until it answers.
    public static DaemonUnderTest start(DaemonKind kind, String... options) throws IOException {
        return start(kind, Map.of(), options);
    }

    /// The same with these variables in its environment.
    public static DaemonUnderTest start(DaemonKind kind, Map<String, String> environment, String... options)
            throws IOException {
        Path directory = Files.createTempDirectory("gantry-e2e");
        return start(kind, directory, directory.resolve("data"), environment, Map.of(), options);
    }

    /// The same in a mount namespace of its own, where it sees other files than everybody, and with a directory that
    /// every user may pass through.
    ///
    /// @param seen what it sees, by the path where it does
    public static DaemonUnderTest startSeeing(Map<Path, Path> seen, DaemonKind kind, String... options)
            throws IOException {
        Path directory = Files.createTempDirectory("gantry-e2e");
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx--x--x"));
        return start(kind, directory, directory.resolve("data"), Map.of(), seen, options);
    }

    /// The same with a data root elsewhere, which is not deleted.
    public static DaemonUnderTest startOn(Path dataRoot, DaemonKind kind, String... options) throws IOException {
        return start(kind, Files.createTempDirectory("gantry-e2e"), dataRoot, Map.of(), Map.of(), options);
    }

    private static DaemonUnderTest start(
            DaemonKind kind,
            Path directory,
            Path dataRoot,
            Map<String, String> environment,
            Map<Path, Path> seen,
            String... options)
            throws IOException {
        Files.createDirectories(directory.resolve("home/docker"));
        DaemonUnderTest daemon = new DaemonUnderTest(kind, directory, dataRoot, environment, seen, List.of(options));
        try {
            daemon.awaitReady();
        } catch (AssertionError e) {
            daemon.close();
            throw new IllegalStateException(kind + " does not answer", e);
        }
        return daemon;
    }

    /// Starts it again, after its end, on what it has left.
    public void startAgain() throws IOException {
        process = launch();
        awaitReady();
    }

    /// The command that starts it.
    public List<String> words() {
        // tests may run under nohup(1), and Java does not handle SIGHUP where it begins ignored
        List<String> words = new ArrayList<>(seen.isEmpty() ? List.of() : unshared());
        words.addAll(List.of("env", "--default-signal=HUP"));
        words.addAll(kind.command());
        words.addAll(List.of("--data-root", dataRoot.toString()));
        words.addAll(List.of("--exec-root", execRoot().toString()));
        words.addAll(List.of("-H", "unix://" + directory.resolve("sock")));
        words.addAll(List.of("--pidfile", directory.resolve("pid").toString()));
        words.addAll(List.of("--cgroup-parent", "/" + directory.getFileName()));
        words.addAll(options);
        return words;
    }

    private List<String> unshared() {
        String mounts = seen.entrySet().stream()
                .map(each -> "mount --bind " + each.getValue() + " " + each.getKey() + " && ")
                .collect(Collectors.joining());
        return List.of("unshare", "--mount", "--propagation", "private", "sh", "-c", mounts + "exec \"$@\"", "sh");
    }

    private Process launch() throws IOException {
        ProcessBuilder builder = new ProcessBuilder(words())
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        directory.resolve("log").toFile()));
        builder.environment().putAll(Environment.forGantry());
        builder.environment().putAll(environment);
        return builder.start();
    }

    private void awaitReady() {
        Waiting.until(
                START,
                () -> !process.isAlive() || answers(),
                () -> kind + " is not ready after " + Waiting.patience(START) + "\n" + logTail());
        if (!process.isAlive()) {
            throw new AssertionError(kind + " exited with " + process.exitValue() + "\n" + logTail());
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

    /// Where it keeps what means nothing after a reboot: `exec` in its directory, or below `-De2e.runDirectory`.
    private Path execRoot() {
        String elsewhere = System.getProperty("e2e.runDirectory");
        return elsewhere == null
                ? directory.resolve("exec")
                : Path.of(elsewhere).resolve(directory.getFileName());
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

    /// What there is on the host for containers of Gantry's daemon: their cgroups, state and mounts. (A process that
    /// is left has at least a cgroup.)
    public List<String> belongings() throws IOException {
        List<String> found = new ArrayList<>();
        for (Path group : Cgroups.named(cgroupParent())) {
            found.addAll(Cgroups.below(group).stream()
                    .map(Path::toString)
                    .filter(each -> !each.endsWith("/supervisors"))
                    .toList());
        }
        for (Path place : List.of(execRoot(), dataRoot)) {
            try (Stream<Path> files = Files.list(place.resolve("containers"))) {
                found.addAll(files.map(Path::toString).toList());
            }
        }
        Files.readAllLines(Path.of("/proc/self/mountinfo")).stream()
                .filter(line -> line.contains(directory.toString()))
                .forEach(found::add);
        return found;
    }

    @Override
    public void close() throws IOException {
        try {
            if (!process.isAlive() && hasContainers()) {
                startAgain(); // they may run on
            }
            if (process.isAlive()) {
                removeContainers();
            }
        } finally {
            int _ = end("TERM");
            cleanUpAfterDockerd();
            deleteTree(execRoot());
            deleteTree(directory);
        }
    }

    private boolean hasContainers() throws IOException {
        Path states = execRoot().resolve("containers");
        if (kind != DaemonKind.GANTRY || !Files.exists(states)) {
            return false;
        }
        try (Stream<Path> all = Files.list(states)) {
            return all.findAny().isPresent();
        }
    }

    /// Ends it by a signal.
    ///
    /// @return its exit code
    public int end(String signal) throws IOException {
        if (process.isAlive()) {
            // without a pid file it never came up
            long target = Files.exists(directory.resolve("pid")) ? pid() : process.pid();
            Command.run(List.of("kill", "-s", signal, Long.toString(target)), Map.of());
        }
        try {
            if (!process.waitFor(Waiting.patience(END).toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
                throw new IOException(kind + " ignores SIG" + signal + "\n" + logTail());
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            process.destroyForcibly();
            throw new IOException("interrupted while " + kind + " ends", e);
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
            if (target.startsWith(directory + "/") || target.startsWith(execRoot() + "/")) {
                Command.run(List.of("umount", target), Map.of());
            }
        }
        for (Path group : Cgroups.named(cgroupParent())) {
            Files.delete(group);
        }
    }

    private static void deleteTree(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return;
        }
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
