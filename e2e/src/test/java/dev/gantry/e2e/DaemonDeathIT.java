package dev.gantry.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// The daemon is killed with SIGKILL; the next one takes back what runs. Each test has a daemon to itself.
class DaemonDeathIT extends DoomedDaemon {
    private static final String COUNT = "i=0; while :; do i=$((i+1)); echo line $i; sleep 0.05; done";
    private static final String ANSWER = "while read x; do echo got $x; done; echo end of input; exit 5";

    private void awaitLog(String name, String text) {
        Waiting.until(() -> ok("logs", name).contains(text), () -> "no " + text + " in the log of " + name);
    }

    /// Of what is executed in a container, system call filter included.
    private String privileges(String name) throws IOException {
        return ok("exec", name, "grep", "-E", "^(Cap|NoNewPrivs|Seccomp)", "/proc/self/status");
    }

    private static boolean runs(int pid) {
        return Files.exists(Path.of("/proc/" + pid + "/exe"));
    }

    private static ByteArrayInputStream input(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void leavesAContainerAsItIs() throws IOException {
        run("counts", COUNT);
        awaitLog("counts", "line 3\n");
        JsonNode before = inspected("counts");
        String privileges = privileges("counts");

        die();

        assertThat(inspected("counts")).isEqualTo(before);
        assertThat(privileges("counts")).isEqualTo(privileges);
        long last = ok("logs", "counts").lines().count();
        awaitLog("counts", "line " + (last + 5) + "\n");
        try (Command follow = docker.start("logs", "-f", "--tail", "1", "counts");
                Command attached = docker.start("attach", "--no-stdin", "counts")) {
            follow.awaitOutput("line ");
            attached.awaitOutput("line ");
            // both are there now, however long that took
            long shown = ok("logs", "counts").lines().count();
            follow.awaitOutput("line " + (shown + 3) + "\n");
            attached.awaitOutput("line " + (shown + 3) + "\n");
        }
        assertThat(ok("exec", "counts", "echo", "inside")).isEqualTo("inside");
        assertThat(ok("top", "counts")).contains("line $i");
        ok("stop", "-t", "0", "counts");
        assertThat(inspected("counts").at("/State/ExitCode").asInt()).isEqualTo(137);
        ok("start", "counts");
        assertThat(inspected("counts").at("/State/Pid").asInt())
                .isNotEqualTo(before.at("/State/Pid").asInt());
    }

    @Test
    void losesNeitherOutputNorExitCodeOfWhatEndsMeanwhile() throws IOException {
        Instant began = Instant.now();
        Path signal = Files.createDirectory(daemon.directory().resolve("signal"));
        String go = "while [ ! -e /signal/go ]; do sleep 0.05; done; ";
        String output = go + "head -c 61440 /dev/zero | tr '\\0' x; echo; exit 7";
        run("ends", output, "-v", signal + ":/signal");
        run("removed", go, "--rm", "-v", signal + ":/signal");
        String id = inspected("ends").at("/Id").asString();
        int pid = inspected("ends").at("/State/Pid").asInt();

        daemon.end("KILL");
        assertThat(runs(pid)).isTrue();
        Files.createFile(signal.resolve("go"));
        Path status = daemon.directory().resolve("exec/containers/" + id + "/status");
        Waiting.until(() -> Files.size(status) > 0, () -> "its end is not recorded");
        Instant ended = Instant.now();
        daemon.startAgain();

        Waiting.until(() -> inspected("ends").at("/State/Status").asString().equals("exited"), () -> "it is not over");
        assertThat(ok("logs", "ends")).hasSize(61_440).matches("x+");
        JsonNode state = inspected("ends").at("/State");
        assertThat(state.at("/ExitCode").asInt()).isEqualTo(7);
        assertThat(Instant.parse(state.at("/FinishedAt").asString())).isBefore(ended);
        assertThat(ok("wait", "ends")).isEqualTo("7");
        Waiting.until(() -> ok("ps", "-a", "--format", "{{.Names}}").equals("ends"), () -> "--rm has not removed it");
        String events = ok(
                "events",
                "--since",
                Long.toString(began.getEpochSecond()),
                "--until",
                Long.toString(Instant.now().getEpochSecond() + 1),
                "--filter",
                "event=die");
        assertThat(events).contains("exitCode=7", "name=ends", "name=removed");
    }

    /// It says no more what the former daemon has recorded.
    @Test
    void goesOnAtTheBeginningOfALogThatSomebodyHasEmptied() throws IOException {
        run("main", "echo before; printf half; until [ -e /go ]; do sleep 0.05; done; echo ' behind'; sleep 1000");
        awaitLog("main", "before");
        Path log = Path.of(inspected("main").at("/LogPath").asString());
        Files.write(log, new byte[0]);
        daemon.end("KILL");
        daemon.startAgain();
        ok("exec", "main", "touch", "/go");
        awaitLog("main", "behind");

        assertThat(ok("logs", "main")).isEqualTo("half behind");
        assertThat(log).content().startsWith("{\"log\":\"half behind\\n\"");
    }

    @Test
    void leavesAPausedContainerPaused() throws IOException {
        run("paused", COUNT);
        awaitLog("paused", "line 3\n");
        ok("pause", "paused");
        String before = ok("logs", "paused");

        die();

        assertThat(inspected("paused").at("/State/Status").asString()).isEqualTo("paused");
        assertThat(ok("logs", "paused")).isEqualTo(before);
        ok("unpause", "paused");
        awaitLog("paused", "line " + (before.lines().count() + 5) + "\n");
    }

    @Test
    void keepsStandardInputOpenForTheNextClient() throws IOException {
        try (Command first = docker.start("run", "-i", "--name", "reads", EndToEnd.IMAGE, "sh", "-c", ANSWER)) {
            first.stdin().write("one\n".getBytes(StandardCharsets.UTF_8));
            first.stdin().flush();
            first.awaitOutput("got one\n");

            die();

            assertThat(first.await().exit()).isNotZero();
        }
        Result second = docker.callWithInput(input("two\n"), "attach", "reads");
        assertThat(second.out()).as(second::toString).isEqualTo("got two\nend of input\n");
        assertThat(second.exit()).isEqualTo(5);
        assertThat(ok("logs", "reads")).isEqualTo("got one\ngot two\nend of input");
    }

    @Test
    void keepsATerminalWithItsSize() throws IOException {
        run("terminal", "while read x; do echo size is $(stty size); done", "-t", "-i");

        die();

        try (PtyCommand attached = docker.startOnTerminal("attach", "terminal")) {
            attached.resize(33, 111);
            Waiting.until(
                    () -> {
                        attached.type("\n");
                        return attached.shown().contains("size is 33 111");
                    },
                    attached::shown);
            attached.type("\u0004");
            assertThat(attached.await().exit()).isZero();
        }
    }

    @Test
    void leavesExecsRunningWithTheirExitCodes() throws IOException {
        run("main", "sleep 1000");
        ok("exec", "-d", "main", "sh", "-c", "while [ ! -e /go ]; do sleep 0.05; done; exit 3");
        String running = inspected("main").at("/ExecIDs/0").asString();
        String created = api("POST", "/containers/main/exec", "{\"Cmd\":[\"true\"]}")
                .at("/Id")
                .asString();
        String over = api("POST", "/containers/main/exec", "{\"Cmd\":[\"sh\",\"-c\",\"exit 4\"]}")
                .at("/Id")
                .asString();
        start(over);
        awaitEnd(over);
        JsonNode before = api("GET", "/exec/" + running + "/json", null);

        die();

        assertThat(api("GET", "/exec/" + running + "/json", null)).isEqualTo(before);
        assertThat(api("GET", "/exec/" + over + "/json", null).at("/ExitCode").asInt())
                .isEqualTo(4);
        assertThat(inspected("main").at("/ExecIDs")).hasSize(1);
        start(created);
        awaitEnd(created);
        ok("exec", "main", "touch", "/go");
        awaitEnd(running);
        assertThat(api("GET", "/exec/" + running + "/json", null)
                        .at("/ExitCode")
                        .asInt())
                .isEqualTo(3);
    }

    private void start(String exec) throws IOException {
        try (EngineConnection connection = daemon.connect()) {
            assertThat(connection
                            .post("/exec/" + exec + "/start", "{\"Detach\":true}")
                            .status())
                    .isEqualTo(200);
        }
    }

    private void awaitEnd(String exec) {
        Waiting.until(
                () -> !api("GET", "/exec/" + exec + "/json", null)
                        .at("/Running")
                        .asBoolean(),
                () -> "it does not end");
    }

    private JsonNode api(String method, String path, String body) throws IOException {
        try (EngineConnection connection = daemon.connect()) {
            EngineConnection.Response response = connection.request(method, path, body);
            assertThat(response.status()).as(response::text).isLessThan(300);
            return EndToEnd.json(response.text());
        }
    }

    @Test
    void mayHappenAgainAndAgain() throws IOException {
        run("counts", COUNT);
        int pid = inspected("counts").at("/State/Pid").asInt();
        for (int i : IntStream.range(0, 3).toArray()) {
            die();
            assertThat(inspected("counts").at("/State/Pid").asInt())
                    .as("time " + i)
                    .isEqualTo(pid);
        }
        ok("kill", "counts");
        Waiting.until(() -> !runs(pid), () -> "it does not end");
    }

    /// An orderly end, as for an upgrade.
    @Test
    void isNoDifferentAtSigterm() throws IOException {
        run("counts", COUNT);
        awaitLog("counts", "line 3\n");
        JsonNode before = inspected("counts");

        assertThat(daemon.end("TERM")).isZero();
        assertThat(runs(before.at("/State/Pid").asInt())).isTrue();
        assertThat(daemon.directory().resolve("pid")).doesNotExist();
        assertThat(daemon.socket()).doesNotExist();
        daemon.startAgain();

        assertThat(inspected("counts")).isEqualTo(before);
        assertThat(ok("info", "--format", "{{.LiveRestoreEnabled}}")).isEqualTo("true");
    }

    /// A shell may allow the next daemon fewer descriptors than systemd has allowed the first.
    @Test
    void endsNothingThatTheNextDaemonHasTooFewDescriptorsFor() throws IOException {
        List<String> names = IntStream.range(0, 6).mapToObj(i -> "main" + i).toList();
        for (String name : names) {
            run(name, "sleep 1000");
        }
        String before = ok("ps", "--no-trunc", "--format", "{{.ID}} {{.Names}}");
        daemon.end("KILL");

        List<String> words = new ArrayList<>(List.of("prlimit", "--nofile=75:75"));
        words.addAll(daemon.words());
        Result refused = Command.run(words, Environment.forGantry());
        assertThat(refused.exit()).as(refused::toString).isEqualTo(1);
        assertThat(refused.err().lines())
                .as(refused::toString)
                .last()
                .asString()
                .contains("containers go on, but this daemon has too little to take them back (ulimit -n, memory): ")
                .containsIgnoringCase("too many open files");

        daemon.startAgain();
        assertThat(ok("ps", "--no-trunc", "--format", "{{.ID}} {{.Names}}")).isEqualTo(before);
        ok("exec", "main5", "true");
    }

    @Test
    void isNotMistakenForTheHosts() throws IOException {
        run("main", "sleep 1000");
        run("removed", "sleep 1000", "--rm");
        int pid = inspected("main").at("/State/Pid").asInt();
        reboot();

        assertThat(runs(pid)).isFalse();
        assertThat(inspected("main").at("/State/Status").asString()).isEqualTo("exited");
        assertThat(inspected("main").at("/State/ExitCode").asInt()).isEqualTo(255);
        assertThat(ok("ps", "-a", "--format", "{{.Names}}")).isEqualTo("main");
        ok("start", "main");
    }

    /// They are not synced when they are written, so a power cut may leave them empty.
    @Test
    void aRebootLosesNoFilesWithNames() throws IOException {
        run("main", "sleep 1000");
        run("ended", "true");
        ok("wait", "ended");
        ok("create", "--name", "fresh", EndToEnd.IMAGE, "true");
        List<String> names = List.of("main", "ended", "fresh");
        for (String name : names) {
            for (String file : List.of("HostnamePath", "HostsPath")) {
                Files.write(Path.of(inspected(name).at("/" + file).asString()), new byte[0]);
            }
        }

        reboot();

        for (String name : names) {
            JsonNode container = inspected(name);
            assertThat(Path.of(container.at("/HostnamePath").asString()))
                    .content()
                    .isEqualTo(container.at("/Config/Hostname").asString() + "\n");
            assertThat(Path.of(container.at("/HostsPath").asString())).content().startsWith("127.0.0.1\tlocalhost\n");
        }
    }

    @Test
    void leavesNoReplacementOfAFileThatWasNotFinished() throws IOException {
        ok("create", "--name", "main", EndToEnd.IMAGE, "true");
        Path directory = Path.of(inspected("main").at("/HostsPath").asString()).resolveSibling(".");
        daemon.end("KILL");
        for (String file : List.of("config.json", "state", "health.json")) {
            Files.writeString(directory.resolve(file + ".new"), "{\"half\":");
        }

        daemon.startAgain();

        assertThat(directory).isDirectoryNotContaining("glob:**.new");
        ok("start", "main");
    }
}
