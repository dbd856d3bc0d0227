package dev.gantry.e2e.runtimes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.gantry.e2e.BusyboxImage;
import dev.gantry.e2e.Cgroups;
import dev.gantry.e2e.Client;
import dev.gantry.e2e.ClientKind;
import dev.gantry.e2e.Command;
import dev.gantry.e2e.DaemonKind;
import dev.gantry.e2e.DaemonUnderTest;
import dev.gantry.e2e.EndToEnd;
import dev.gantry.e2e.Result;
import dev.gantry.e2e.Waiting;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// `--add-runtime` and `--default-runtime`, and containers of another runtime whose daemon is killed. Each test has a
/// daemon to itself.
class RuntimeFlagsIT {
    private static final Path RUNC = Path.of("/usr/sbin/runc");
    private static final Path CRUN = Path.of("/usr/bin/crun");
    private static final String COUNT = "i=0; while :; do i=$((i+1)); echo line $i; sleep 0.05; done";

    private DaemonUnderTest daemon;
    private Path crun;
    private Client docker;

    @BeforeEach
    void startOne() throws IOException {
        assumeTrue(Files.isExecutable(RUNC), "host: " + RUNC + " is not there");
        crun = crun();
        daemon = DaemonUnderTest.start(
                DaemonKind.GANTRY,
                "--add-runtime",
                "added=" + RUNC,
                "--add-runtime",
                "crun=" + crun,
                "--add-runtime",
                "missing=/no/such/program",
                "--default-runtime",
                "added");
        docker = new Client(ClientKind.DOCKER, daemon);
        Result imported = docker.callWithInput(BusyboxImage.tar(Map.of()), "import", "-", EndToEnd.IMAGE);
        assertThat(imported.exit()).as(imported::toString).isZero();
    }

    @AfterEach
    void leavesNothingAtItsEnd() throws IOException {
        try {
            if (daemon != null) {
                removeDaemon();
            }
        } finally {
            if (crun != null && !crun.equals(CRUN)) {
                Files.delete(crun);
            }
        }
    }

    private void removeDaemon() throws IOException {
        try (DaemonUnderTest closed = daemon) {
            closed.removeContainers();
            Waiting.until(() -> closed.belongings().isEmpty(), () -> "something is left behind");
            Waiting.until(this::knowsOfNoContainer, () -> "the runtime knows of a container");
        }
        assertThat(Cgroups.named(daemon.cgroupParent())).isEmpty();
    }

    private boolean knowsOfNoContainer() throws IOException {
        Path states = daemon.directory().resolve("exec/runtimes");
        if (!Files.exists(states)) {
            return true;
        }
        try (Stream<Path> all = Files.walk(states, 2)) {
            return all.noneMatch(each -> each.getNameCount() == states.getNameCount() + 2);
        }
    }

    private String ok(String... words) throws IOException {
        Result result = docker.call(words);
        assertThat(result.exit()).as(result::toString).isZero();
        return result.out().strip();
    }

    private String fails(int exit, String... words) throws IOException {
        Result result = docker.call(words);
        assertThat(result.exit()).as(result::toString).isEqualTo(exit);
        return result.err();
    }

    private JsonNode inspected(String name) throws IOException {
        return new JsonMapper().readTree(ok("inspect", name)).get(0);
    }

    private void awaitLog(String name, String text) {
        Waiting.until(() -> ok("logs", name).contains(text), () -> "no " + text + " in the log of " + name);
    }

    private void die() throws IOException {
        daemon.end("KILL");
        daemon.startAgain();
    }

    @Test
    void areListedAndChosen() throws IOException {
        JsonNode info = new JsonMapper().readTree(ok("info", "--format", "{{json .}}"));
        assertThat(info.at("/DefaultRuntime").asString()).isEqualTo("added");
        assertThat(info.at("/Runtimes/added/path").asString()).isEqualTo(RUNC.toString());
        assertThat(info.at("/Runtimes/gantry").isObject()).isTrue();
        ok("run", "-d", "--name", "one", EndToEnd.IMAGE, "sleep", "60");
        assertThat(inspected("one").at("/HostConfig/Runtime").asString()).isEqualTo("added");
        String id = inspected("one").at("/Id").asString();
        Result known = Command.run(
                List.of(
                        RUNC.toString(),
                        "--root",
                        daemon.directory().resolve("exec/runtimes/added").toString(),
                        "list",
                        "-q"),
                Map.of());
        assertThat(known.out().strip()).as(known::toString).isEqualTo(id);
        ok("run", "-d", "--name", "other", "--runtime", "gantry", EndToEnd.IMAGE, "sleep", "60");
        assertThat(inspected("other").at("/HostConfig/Runtime").asString()).isEqualTo("gantry");
    }

    @Test
    void refuseWhatIsNoProgramOrNoName() throws IOException {
        assertThat(fails(127, "run", "--rm", "--runtime", "missing", EndToEnd.IMAGE, "true"))
                .contains("OCI runtime create failed", "/no/such/program: no such file or directory");
        assertThat(ok("ps", "-aq")).isEmpty();
    }

    @Test
    void areNotExplained() throws IOException {
        Client gantry = new Client(ClientKind.GANTRY, daemon);
        Result refused = gantry.call("explain", "run", EndToEnd.IMAGE, "true");
        assertThat(refused.exit()).as(refused::toString).isNotZero();
        assertThat(refused.err()).contains("runtime added is another program, " + RUNC);
        assertThat(gantry.call("explain", "run", "--runtime", "gantry", EndToEnd.IMAGE, "true")
                        .out())
                .contains("execve(");
    }

    @Test
    void makeContainersWithCrun() throws IOException {
        assumeTrue(Files.isExecutable(CRUN), "host: " + CRUN + " is not there");
        assertThat(ok("run", "--rm", "--runtime", "crun", EndToEnd.IMAGE, "echo", "hello"))
                .isEqualTo("hello");
        assertThat(ok("run", "--rm", "--init", "--runtime", "crun", "-e", "A=1", EndToEnd.IMAGE, "env")
                        .lines())
                .contains("A=1", "HOME=/root");
        ok("run", "-d", "--name", "crun", "--runtime", "crun", "-m", "64m", EndToEnd.IMAGE, "sleep", "1000");
        assertThat(ok("exec", "crun", "echo", "inside")).isEqualTo("inside");
        ok("pause", "crun");
        assertThat(inspected("crun").at("/State/Status").asString()).isEqualTo("paused");
        ok("unpause", "crun");
        ok("update", "--memory", "80m", "--memory-swap", "80m", "crun");
        ok("stop", "-t", "0", "crun");
        assertThat(inspected("crun").at("/State/ExitCode").asInt()).isEqualTo(137);
    }

    /// crun 1.8 refuses cgroups of both versions side by side, so it does not see the second.
    private static Path crun() throws IOException {
        if (!Files.isDirectory(Path.of("/sys/fs/cgroup/unified"))) {
            return CRUN;
        }
        Path script = Files.createTempFile("gantry-crun", "");
        Files.writeString(script, """
                #!/bin/sh
                exec unshare --mount --propagation slave sh -c 'umount /sys/fs/cgroup/unified; exec %s "$@"' crun "$@"
                """.formatted(CRUN));
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
        return script;
    }

    @Test
    void areTakenBackWithTheirContainers() throws IOException {
        ok("run", "-d", "--name", "counts", EndToEnd.IMAGE, "sh", "-c", COUNT);
        ok("run", "-d", "--name", "paused", EndToEnd.IMAGE, "sh", "-c", COUNT);
        awaitLog("counts", "line 3\n");
        ok("pause", "paused");
        ok("exec", "-d", "counts", "sh", "-c", "while [ ! -e /go ]; do sleep 0.05; done; exit 3");
        JsonNode before = inspected("counts");

        die();

        assertThat(inspected("counts")).isEqualTo(before);
        assertThat(inspected("paused").at("/State/Status").asString()).isEqualTo("paused");
        long last = ok("logs", "counts").lines().count();
        awaitLog("counts", "line " + (last + 5) + "\n");
        List<String> lines = ok("logs", "counts").lines().toList();
        for (int i = 0; i < lines.size(); i++) {
            assertThat(lines.get(i)).isEqualTo("line " + (i + 1));
        }
        assertThat(ok("exec", "counts", "echo", "inside")).isEqualTo("inside");
        String exec = before.at("/ExecIDs/0").asString();
        ok("exec", "counts", "touch", "/go");
        Waiting.until(() -> !inspected("counts").at("/ExecIDs").toString().contains(exec), () -> "the exec goes on");
        ok("unpause", "paused");
        ok("stop", "-t", "0", "counts", "paused");
        assertThat(inspected("counts").at("/State/ExitCode").asInt()).isEqualTo(137);
        ok("start", "counts");
    }

    @Test
    void loseNeitherOutputNorExitCodeOfWhatEndsMeanwhile() throws IOException {
        Path signal = Files.createDirectory(daemon.directory().resolve("signal"));
        String script = "while [ ! -e /signal/go ]; do sleep 0.05; done; "
                + "head -c 61440 /dev/zero | tr '\\0' x; echo; exit 7";
        ok("run", "-d", "--name", "ends", "-v", signal + ":/signal", EndToEnd.IMAGE, "sh", "-c", script);
        String id = inspected("ends").at("/Id").asString();

        daemon.end("KILL");
        Files.createFile(signal.resolve("go"));
        Path status = daemon.directory().resolve("exec/containers/" + id + "/status");
        Waiting.until(() -> Files.size(status) > 0, () -> "its end is not recorded");
        daemon.startAgain();

        Waiting.until(() -> inspected("ends").at("/State/Status").asString().equals("exited"), () -> "it is not over");
        assertThat(ok("logs", "ends")).hasSize(61_440).matches("x+");
        assertThat(inspected("ends").at("/State/ExitCode").asInt()).isEqualTo(7);
    }

    @Test
    void keepStandardInputForTheNextClient() throws IOException {
        String answer = "while read x; do echo got $x; done; echo end of input; exit 5";
        try (Command first = docker.start("run", "-i", "--name", "reads", EndToEnd.IMAGE, "sh", "-c", answer)) {
            first.stdin().write("one\n".getBytes(StandardCharsets.UTF_8));
            first.stdin().flush();
            first.awaitOutput("got one\n");

            die();

            assertThat(first.await().exit()).isNotZero();
        }
        var typed = new ByteArrayInputStream("two\n".getBytes(StandardCharsets.UTF_8));
        Result second = docker.callWithInput(typed, "attach", "reads");
        assertThat(second.out()).as(second::toString).isEqualTo("got two\nend of input\n");
        assertThat(second.exit()).isEqualTo(5);
    }

    /// A daemon that dies while runc is at work: the process is known, or it is not there.
    @Test
    void leaveNoHalfMadeExec() throws IOException {
        ok("run", "-d", "--name", "main", EndToEnd.IMAGE, "sleep", "1000");
        String id = inspected("main").at("/Id").asString();
        List<String> steps = List.of("oci/exec-%d.json", "exec-%d", "exec-%d.exec", "oci/exec-%d.pid");
        for (String step : steps) {
            try (Command exec = docker.start("exec", "main", "sleep", "4321")) {
                awaitAny(id, step);
                daemon.end("KILL");
                exec.await();
            }
            daemon.startAgain();
            // runc may still be at work
            Waiting.until(() -> sleepers() == inspected("main").at("/ExecIDs").size(), () -> step + ": half-made");
            ok("restart", "-t", "0", "main");
        }
    }

    private long sleepers() throws IOException {
        return ok("top", "main")
                .lines()
                .filter(line -> line.contains("sleep 4321"))
                .count();
    }

    /// Waits for a file of an exec, whatever its number.
    private void awaitAny(String container, String step) {
        Path state = daemon.directory().resolve("exec/containers/" + container);
        Waiting.until(
                () -> IntStream.range(0, 10).anyMatch(number -> Files.exists(state.resolve(step.formatted(number)))),
                () -> "no " + step + " in " + state);
    }

    /// A daemon that dies while runc is at work: the container is there, or nothing of it.
    @Test
    void leaveNoHalfMadeContainer() throws IOException {
        String state = "containers/%s/";
        List<String> steps = List.of(
                state + "oci/program",
                state + "status",
                state + "container",
                "runtimes/added/%s",
                state + "oci/main.pid");
        for (String step : steps) {
            String id = ok("create", "--name", "half", EndToEnd.IMAGE, "sleep", "1000");
            Path reached = daemon.directory().resolve("exec").resolve(step.formatted(id));
            try (Command start = docker.start("start", "half")) {
                Waiting.until(() -> Files.exists(reached), () -> reached + " is not there");
                daemon.end("KILL");
                start.await();
            }
            daemon.startAgain();
            String status = inspected("half").at("/State/Status").asString();
            assertThat(status).as(step).isIn("created", "running");
            if (status.equals("created")) {
                ok("start", "half");
            }
            assertThat(ok("exec", "half", "echo", "alive")).isEqualTo("alive");
            ok("rm", "-f", "half");
        }
    }
}
