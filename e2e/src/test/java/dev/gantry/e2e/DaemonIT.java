package dev.gantry.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// The daemon's own life: one per data root, restarts, signals, its files. Each test has a daemon to itself.
class DaemonIT {
    private static final String NAME = "kept";

    private DaemonUnderTest daemon;
    private Client docker;

    @BeforeEach
    void startOne() throws IOException {
        daemon = DaemonUnderTest.start(DaemonKind.GANTRY, "--group", "daemon");
        docker = new Client(ClientKind.DOCKER, daemon);
    }

    @AfterEach
    void leavesNothingAtItsEnd() throws IOException {
        daemon.close();
        assertThat(Cgroups.named(daemon.cgroupParent())).isEmpty();
        assertThat(Files.readString(Path.of("/proc/self/mountinfo")))
                .doesNotContain(daemon.directory().toString());
    }

    @Test
    void isAloneOnItsDataRoot() throws IOException {
        refusesASecond("data root " + daemon.directory().resolve("data"));
    }

    /// The second would take the first one's containers for what is left of nobody's.
    @Test
    void isAloneOnItsExecRoot() throws IOException {
        refusesASecond(
                "exec root " + daemon.directory().resolve("exec"),
                "--data-root",
                daemon.directory().resolve("other").toString());
    }

    private void refusesASecond(String what, String... options) throws IOException {
        List<String> words = daemon.words();
        words.addAll(List.of("-H", "unix://" + daemon.directory().resolve("other.sock")));
        words.addAll(
                List.of("--pidfile", daemon.directory().resolve("other.pid").toString()));
        words.addAll(List.of(options));
        Result second = Command.run(words, Environment.forGantry());
        assertThat(second.exit()).as(second::toString).isEqualTo(1);
        assertThat(second.err().lines())
                .as(second::toString)
                .last()
                .asString()
                .contains(what + " is in use by another daemon");
        assertThat(docker.call("version").exit()).isZero();
    }

    /// Where a daemon runs in a container without a volume, for one.
    @Test
    void refusesADataRootWhereNoContainerCouldStart() throws IOException {
        Path place = Files.createDirectory(daemon.directory().resolve("overlay"));
        for (String name : List.of("lower", "upper", "work", "merged")) {
            Files.createDirectory(place.resolve(name));
        }
        Path merged = place.resolve("merged");
        String options = "lowerdir=%1$s/lower,upperdir=%1$s/upper,workdir=%1$s/work".formatted(place);
        mount("mount", "-t", "overlay", "overlay", "-o", options, merged.toString());
        try {
            List<String> words = daemon.words();
            words.addAll(List.of("-H", "unix://" + place.resolve("sock")));
            words.addAll(List.of("--pidfile", place.resolve("pid").toString()));
            words.addAll(List.of("--data-root", merged.resolve("data").toString()));
            Result refused = Command.run(words, Environment.forGantry());
            assertThat(refused.exit()).as(refused::toString).isEqualTo(1);
            assertThat(refused.out() + refused.err())
                    .contains(
                            "data root " + merged.resolve("data") + " lies on overlay", "choose a --data-root on ext4");
        } finally {
            mount("umount", merged.toString());
        }
    }

    private static void mount(String... words) throws IOException {
        Result result = Command.run(List.of(words), Map.of());
        assertThat(result.exit()).as(result::toString).isZero();
    }

    @Test
    void standsBesideOthers() throws IOException {
        importBusybox();
        try (DaemonUnderTest other = DaemonUnderTest.start(DaemonKind.GANTRY)) {
            Client there = new Client(ClientKind.DOCKER, other);
            assertThat(run("sleep", "60")).isEqualTo(0);
            assertThat(there.call("ps", "-aq").out()).isEmpty();
            assertThat(there.call("images", "-q", EndToEnd.IMAGE).out()).isEmpty();
        }
        assertThat(docker.call("ps", "--format", "{{.Names}}").out()).isEqualTo(NAME + "\n");
    }

    @Test
    void keepsContainersLogsAndImagesOverARestart() throws IOException {
        importBusybox();
        assertThat(run("sh", "-c", "echo said; exit 3")).isZero();
        docker.call("wait", NAME);
        JsonNode before = inspected();
        assertThat(daemon.end("TERM")).isZero();
        daemon.startAgain();
        assertThat(inspected()).isEqualTo(before);
        assertThat(docker.call("logs", NAME).out()).isEqualTo("said\n");
        assertThat(docker.call("start", "-a", NAME).exit()).isEqualTo(3);
        assertThat(docker.call("logs", NAME).out()).isEqualTo("said\nsaid\n");
    }

    @Test
    void stopsItsContainersAtSigtermWhenItIsToldTo() throws IOException {
        daemon.close();
        daemon = DaemonUnderTest.start(DaemonKind.GANTRY, "--live-restore=false");
        docker = new Client(ClientKind.DOCKER, daemon);
        importBusybox();
        assertThat(run("sh", "-c", "trap 'exit 7' TERM; echo ready; while :; do sleep 0.05; done"))
                .isZero();
        Waiting.until(() -> docker.call("logs", NAME).out().contains("ready"), () -> "not ready");
        int pid = inspected().at("/State/Pid").asInt();
        assertThat(daemon.end("TERM")).isZero();
        assertThat(Path.of("/proc/" + pid)).doesNotExist();
        assertThat(daemon.directory().resolve("pid")).doesNotExist();
        assertThat(daemon.socket()).doesNotExist();
        daemon.startAgain();
        assertThat(inspected().at("/State/Status").asString()).isEqualTo("exited");
        assertThat(inspected().at("/State/ExitCode").asInt()).isEqualTo(7);
    }

    @Test
    void writesItsOwnPidAndToleratesAStaleFile() throws IOException {
        assertThat(ProcessHandle.of(daemon.pid()).orElseThrow().info().command().orElseThrow())
                .endsWith("/java");
        daemon.end("KILL");
        // a living process that is no daemon, as when numbers are used again
        Files.writeString(
                daemon.directory().resolve("pid"),
                Long.toString(ProcessHandle.of(1).orElseThrow().pid()));
        daemon.startAgain();
        assertThat(docker.call("version").exit()).isZero();
    }

    @Test
    void letsRootAndTheGroupOfItsSocketIn() throws IOException {
        PosixFileAttributes socket = Files.readAttributes(daemon.socket(), PosixFileAttributes.class);
        assertThat(PosixFilePermissions.toString(socket.permissions())).isEqualTo("rw-rw----");
        assertThat(socket.owner().getName()).isEqualTo("root");
        assertThat(socket.group()).extracting(GroupPrincipal::getName).isEqualTo("daemon");
    }

    @Test
    void refusesWrongFlagsInOneSentence() throws IOException {
        List<String> words = daemon.words();
        words.add("--no-such-flag");
        Result result = Command.run(words, Environment.forGantry());
        assertThat(result.exit()).isEqualTo(125);
        assertThat(result.err()).isEqualTo("gantry daemon: unknown flag: --no-such-flag\n");
    }

    /// Not every container that is made with them.
    @Test
    void refusesLogOptionsThatAreNone() throws IOException {
        Map<String, String> refusals = Map.of(
                "foo=bar", "unknown log opt 'foo' for json-file log driver",
                "max-size=much", "invalid size: 'much'");
        daemon.end("TERM");
        for (Map.Entry<String, String> each : refusals.entrySet()) {
            List<String> words = daemon.words();
            words.addAll(List.of("--log-opt", each.getKey()));

            Result result = Command.run(words, Environment.forGantry());

            assertThat(result.exit()).as(result::toString).isEqualTo(1);
            assertThat(result.err()).endsWith("gantry daemon: log opts of the daemon: " + each.getValue() + "\n");
            assertThat(daemon.directory().resolve("pid")).doesNotExist();
        }
        daemon.startAgain();
    }

    private void importBusybox() throws IOException {
        Result result = docker.callWithInput(BusyboxImage.tar(Map.of()), "import", "-", EndToEnd.IMAGE);
        assertThat(result.exit()).as(result::toString).isZero();
    }

    /// Runs a command in the background; gives the client's exit code.
    private int run(String... command) throws IOException {
        String[] words = new String[command.length + 5];
        List<String> first = List.of("run", "-d", "--name", NAME, EndToEnd.IMAGE);
        for (int i = 0; i < words.length; i++) {
            words[i] = i < first.size() ? first.get(i) : command[i - first.size()];
        }
        return docker.call(words).exit();
    }

    private JsonNode inspected() throws IOException {
        return EndToEnd.json(docker.call("inspect", NAME).out()).get(0);
    }
}
