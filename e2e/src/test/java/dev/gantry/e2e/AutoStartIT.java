package dev.gantry.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The first minute of a user: no daemon runs, and the command line starts one.
class AutoStartIT {
    private static final String GREETING = "Hello from Gantry: your installation works.";

    private Path root;

    @BeforeEach
    void makeARoot() throws IOException {
        root = Files.createTempDirectory("gantry-root");
    }

    @AfterEach
    void endTheDaemonAndRemoveItsFiles() throws IOException {
        Path pidFile = root.resolve("run/gantry.pid");
        if (Files.exists(pidFile)) {
            ProcessHandle daemon = daemon();
            daemon.destroy();
            Waiting.until(() -> !daemon.isAlive(), () -> "the daemon ignores SIGTERM");
            assertThat(pidFile).doesNotExist();
        }
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    @Test
    void startsADaemonOnceAndSaysSo() throws IOException {
        Result first = gantry("run", "--rm", "--network", "none", "hello-world");
        assertThat(first.exit()).as(first::toString).isZero();
        assertThat(first.out()).contains(GREETING);
        assertThat(first.err())
                .isEqualTo("gantry: no daemon is running, starting one (log: " + root + "/daemon.log)\n");
        Result second = gantry("run", "--rm", "--network", "none", "hello-world");
        assertThat(second.out()).contains(GREETING);
        assertThat(second.err()).isEmpty();
    }

    @Test
    void startsOneDaemonForManyCommandsAtOnce() throws IOException {
        List<Command> commands = new ArrayList<>();
        try {
            for (int i = 0; i < 4; i++) {
                commands.add(Command.start(words("ps", "-q"), environment()));
            }
            String said = "";
            for (Command command : commands) {
                Result result = command.await();
                assertThat(result.exit()).as(result::toString).isZero();
                said += result.err();
            }
            assertThat(said.lines()).hasSize(1);
        } finally {
            commands.forEach(Command::close);
        }
    }

    @Test
    void detachesItFromTheTerminal() throws IOException {
        try (PtyCommand terminal = PtyCommand.start(words("version"), environment())) {
            assertThat(terminal.await().exit()).isZero();
        }
        // the terminal is gone, and the daemon answers
        assertThat(gantry("version").err()).isEmpty();
        String[] stat = Files.readString(Path.of("/proc", Long.toString(daemon().pid()), "stat"))
                .replaceFirst(".*\\) ", "")
                .split(" ", -1);
        // proc(5): state, parent, process group, session, terminal
        assertThat(stat[4]).as("terminal").isEqualTo("0");
        assertThat(stat[3])
                .as("session")
                .isNotEqualTo(Long.toString(ProcessHandle.current().pid()));
        for (int descriptor = 0; descriptor <= 2; descriptor++) {
            assertThat(Files.readSymbolicLink(Path.of("/proc/" + daemon().pid() + "/fd/" + descriptor)))
                    .isIn(Path.of("/dev/null"), root.resolve("daemon.log"));
        }
    }

    @Test
    void runsAShellOfAnImportedImageOnATerminal() throws IOException {
        Result imported = Command.run(words("import", "-", "busybox"), environment(), BusyboxImage.tar());
        assertThat(imported.exit()).as(imported::toString).isZero();
        try (PtyCommand run = PtyCommand.start(words("run", "-it", "--rm", "busybox", "sh"), environment())) {
            run.awaitOutput("# ");
            run.type("echo $((6 * 7))-$(tty)\r");
            run.awaitOutput("42-/dev/pts/0");
            run.type("exit 5\r");
            assertThat(run.await().exit()).isEqualTo(5);
        }
    }

    @Test
    void startsNoneForAnAddressOfTheUsersChoice() throws IOException {
        for (String variable : List.of("DOCKER_HOST", "GANTRY_HOST")) {
            Map<String, String> environment = new HashMap<>(environment());
            environment.put(variable, "unix://" + root + "/other.sock");
            Result result = Command.run(words("ps"), environment);
            assertThat(result.exit()).isEqualTo(1);
            assertThat(result.err())
                    .isEqualTo("Cannot connect to the Gantry daemon at unix://" + root
                            + "/other.sock. Is the gantry daemon running?\n");
        }
        assertThat(root.resolve("run")).doesNotExist();
    }

    @Test
    void prefersItsOwnVariableToDockers() throws IOException {
        Map<String, String> environment = new HashMap<>(environment());
        environment.put("DOCKER_HOST", "unix://" + root + "/docker.sock");
        environment.put("GANTRY_HOST", "unix://" + root + "/gantry.sock");
        assertThat(Command.run(words("ps"), environment).err()).contains(root + "/gantry.sock");
    }

    @Test
    void saysWithoutRootWhatItNeeds() throws IOException {
        List<String> words = new ArrayList<>(
                List.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--inh-caps=-all"));
        words.addAll(words("ps"));
        Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwxr-xr-x"));
        Map<String, String> environment = new HashMap<>(environment());
        environment.put("HOME", "/nonexistent");
        Result result = Command.run(words, environment);
        assertThat(result.exit()).as(result::toString).isNotZero();
        assertThat(result.err().lines()).singleElement().asString().contains("starting one needs root");
    }

    private ProcessHandle daemon() throws IOException {
        return ProcessHandle.of(Long.parseLong(
                        Files.readString(root.resolve("run/gantry.pid")).strip()))
                .orElseThrow();
    }

    private Result gantry(String... arguments) throws IOException {
        return Command.run(words(arguments), environment());
    }

    private static List<String> words(String... arguments) {
        return Command.words(Repository.gantry().toString(), arguments);
    }

    private Map<String, String> environment() {
        Map<String, String> environment = new HashMap<>(Environment.forGantry());
        environment.put("GANTRY_ROOT", root.toString());
        environment.put("HOME", root.toString());
        environment.put("DOCKER_HOST", "");
        environment.put("GANTRY_HOST", "");
        return environment;
    }
}
