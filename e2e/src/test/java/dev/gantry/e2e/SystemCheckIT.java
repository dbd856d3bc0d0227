package dev.gantry.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// `gantry system check`: damage of each kind is found by its name and mended, and a healthy daemon has none.
class SystemCheckIT {
    private static final int ROUNDS = 25;
    private static final String SLEEP = "sleep 1000";

    private DaemonUnderTest daemon;
    private Client docker;
    private Client gantry;

    @BeforeEach
    void startOne() throws IOException {
        daemon = DaemonUnderTest.start(DaemonKind.GANTRY);
        docker = new Client(ClientKind.DOCKER, daemon);
        gantry = new Client(ClientKind.GANTRY, daemon);
        imports(EndToEnd.IMAGE, Map.of());
    }

    @AfterEach
    void leavesNothingAtItsEnd() throws IOException {
        try (DaemonUnderTest closed = daemon) {
            closed.removeContainers();
            Waiting.until(() -> daemon.belongings().isEmpty(), () -> "something is left behind");
        }
        assertThat(Cgroups.named(daemon.cgroupParent())).isEmpty();
    }

    private void imports(String name, Map<String, byte[]> files) throws IOException {
        Result imported = docker.callWithInput(BusyboxImage.tar(files), "import", "-", name);
        assertThat(imported.exit()).as(imported::toString).isZero();
    }

    private String ok(String... words) throws IOException {
        Result result = docker.call(words);
        assertThat(result.exit()).as(result::toString).isZero();
        return result.out().strip();
    }

    private String create(String name, String script) throws IOException {
        return createOf(EndToEnd.IMAGE, name, script);
    }

    private String createOf(String image, String name, String script) throws IOException {
        return ok("create", "--name", name, image, "sh", "-c", script);
    }

    private String run(String name, String script) throws IOException {
        String id = create(name, script);
        ok("start", name);
        return id;
    }

    private String ended(String name, String script) throws IOException {
        String id = run(name, script);
        ok("wait", name);
        return id;
    }

    private Path data(String path) {
        return daemon.directory().resolve("data").resolve(path);
    }

    private Path exec(String path) {
        return daemon.directory().resolve("exec").resolve(path);
    }

    private Path of(String container, String file) {
        return data("containers").resolve(container).resolve(file);
    }

    private static String id(char digit) {
        return Character.toString(digit).repeat(63) + "a";
    }

    private static void old(Path path) throws IOException {
        Files.setLastModifiedTime(path, FileTime.from(Instant.now().minusSeconds(60)));
    }

    private static void deleteTree(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path each : files.sorted((a, b) -> b.compareTo(a)).toList()) {
                Files.delete(each);
            }
        }
    }

    private static void tear(Path file) throws IOException {
        byte[] whole = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(whole, whole.length / 2));
    }

    /// `<kind> <subject>: <outcome>` of each finding.
    private static List<String> found(JsonNode report) {
        List<String> found = new ArrayList<>();
        for (JsonNode each : report.at("/Findings")) {
            found.add("%s %s: %s"
                    .formatted(
                            each.at("/Kind").asString(),
                            each.at("/Subject").asString(),
                            each.at("/Outcome").asString()));
        }
        return found;
    }

    private void orphanGroups(String id) throws IOException {
        for (Path parent : Cgroups.named(daemon.cgroupParent())) {
            old(Files.createDirectory(parent.resolve(id)));
        }
    }

    /// With the daemon, and the supervisor first, which would record the end.
    private void killWithSupervisor(String id) throws IOException {
        String pid = ok("inspect", "-f", "{{.State.Pid}}", id);
        List<String> kill = new ArrayList<>(List.of("kill", "-9"));
        for (Path parent : Cgroups.named(daemon.cgroupParent())) {
            Path supervisors = parent.resolve("supervisors").resolve(id).resolve("cgroup.procs");
            if (Files.exists(supervisors)) {
                kill.addAll(Files.readAllLines(supervisors));
            }
        }
        assertThat(kill).hasSize(3);
        daemon.end("KILL");
        assertThat(Command.run(kill, Map.of()).exit()).isZero();
        Command.run(List.of("kill", "-9", pid), Map.of());
    }

    /// Containers of a daemon that was killed, and what was damaged before the next one started.
    ///
    /// @param other one that is made of the image without its layer; `running` is made of it, too
    /// @param pids of those that run on
    private record Crashed(
            String layer, String ended, String fresh, String lost, String torn, Other other, List<String> pids) {
        record Other(String created, String running) {}

        List<String> findings(SystemCheckIT test) {
            return List.of(
                    "layer " + layer,
                    "image docker.io/library/other:latest",
                    "container " + other.created(),
                    "container " + other.running(),
                    "cgroup " + id('1'),
                    "state " + lost,
                    "file " + test.of(fresh, "work"),
                    "file " + test.of(ended, "config.json.new"));
        }
    }

    private String pid(String container) throws IOException {
        return ok("inspect", "-f", "{{.State.Pid}} {{.State.Status}}", container);
    }

    private Crashed crashed() throws IOException {
        imports("other", Map.of("etc/other", new byte[] {'x'}));
        run("runs", SLEEP);
        String runsOther = createOf("other", "runs-other", SLEEP);
        ok("start", runsOther);
        Crashed crashed = new Crashed(
                ok("inspect", "-f", "{{index .RootFS.Layers 0}}", "other"),
                ended("ended", "echo said; exit 3"),
                create("fresh", "echo began"),
                ended("lost", "exit 4"),
                create("torn", "true"),
                new Crashed.Other(createOf("other", "of-other", "cat /etc/other"), runsOther),
                List.of(pid("runs"), pid("runs-other")));
        String killed = run("killed", SLEEP);
        killWithSupervisor(killed);
        damage(crashed);
        daemon.startAgain();
        // the start has removed those that there were
        Files.createFile(of(crashed.ended(), "config.json.new"));
        Waiting.until(
                () -> ok("inspect", "-f", "{{.State.Status}} {{.State.ExitCode}}", killed)
                        .equals("exited 137"),
                () -> "it is not over");
        return crashed;
    }

    private void damage(Crashed crashed) throws IOException {
        // moved and not deleted: what runs on it still sees it
        Files.move(data("images/layers").resolve(crashed.layer().substring("sha256:".length())), data("gone"));
        Files.write(of(crashed.lost(), "state"), new byte[8192]);
        tear(of(crashed.torn(), "config.json"));
        Files.writeString(of(crashed.torn(), "upper/work"), "of a user's");
        deleteTree(of(crashed.fresh(), "work"));
        orphanGroups(id('1'));
        // what a daemon's start mends by itself
        Files.createFile(of(crashed.ended(), "config.json.new"));
        Files.createDirectories(exec("containers").resolve(id('2')));
        Files.createDirectories(exec("output").resolve(id('3')));
        Files.writeString(exec("execs").resolve(id('4')), "{");
        Files.createDirectories(of(id('5'), "upper"));
        Files.createDirectories(data("images/tmp/unfinished/layer"));
    }

    @Test
    void findsAndMendsWhatACrashLeft() throws IOException {
        Crashed crashed = crashed();
        String torn = crashed.torn();
        List<String> mendable = crashed.findings(this);
        Waiting.until(
                () -> found(SystemCheck.of(daemon, "")).size() == mendable.size() + 1,
                () -> "other findings than expected: " + report());
        assertThat(found(SystemCheck.of(daemon, "")))
                .containsExactlyInAnyOrderElementsOf(with(mendable, ": found", "config " + torn + ": found"));
        Result text = gantry.call("system", "check");
        assertThat(text.exit()).as(text::toString).isEqualTo(1);
        assertThat(text.out())
                .contains("9 findings; looked at ", torn, crashed.layer(), "repair: unpack it again from its blob");

        Result repaired = gantry.call("system", "check", "--repair", "--json");
        assertThat(repaired.exit()).as(repaired::toString).isEqualTo(1);
        assertThat(found(EndToEnd.json(repaired.out())))
                .containsExactlyInAnyOrderElementsOf(with(mendable, ": mended", "config " + torn + ": left"));
        assertThat(found(SystemCheck.of(daemon, ""))).containsExactly("config " + torn + ": found");
        assertThat(of(torn, "upper/work")).hasContent("of a user's");
        for (Path parent : Cgroups.named(daemon.cgroupParent())) {
            assertThat(parent.resolve(id('1'))).doesNotExist();
        }
        deleteTree(data("containers").resolve(torn));
        Result healthy = gantry.call("system", "check", "--deep");
        assertThat(healthy.exit()).as(healthy::toString).isZero();
        assertThat(healthy.out()).startsWith("everything agrees; looked at 7 containers (2 running)");
        everybodyIsThere(crashed);
        SystemCheck.agrees(daemon);
    }

    private void everybodyIsThere(Crashed crashed) throws IOException {
        assertThat(List.of(pid("runs"), pid("runs-other"))).isEqualTo(crashed.pids());
        assertThat(ok("exec", "runs", "echo", "inside")).isEqualTo("inside");
        assertThat(ok("exec", "runs-other", "cat", "/etc/other")).isEqualTo("x");
        assertThat(ok("logs", "ended")).isEqualTo("said");
        assertThat(ok("inspect", "-f", "{{.State.ExitCode}}", "ended")).isEqualTo("3");
        assertThat(ok("start", "-a", "fresh")).isEqualTo("began");
        assertThat(ok("start", "-a", "of-other")).isEqualTo("x");
    }

    private String report() {
        try {
            return SystemCheck.of(daemon, "").toPrettyString();
        } catch (IOException e) {
            return e.toString();
        }
    }

    private static List<String> with(List<String> subjects, String outcome, String other) {
        List<String> all = new ArrayList<>(List.of(other));
        subjects.forEach(each -> all.add(each + outcome));
        return all;
    }

    @Test
    void findsAndMendsWhatIsDamagedUnderARunningDaemon() throws IOException {
        String runs = run("runs", SLEEP);
        String rests = ended("rests", "true");
        SystemCheck.agrees(daemon);

        tear(of(runs, "config.json"));
        Files.delete(of(rests, "state"));
        Files.delete(of(rests, "hosts"));
        Files.createDirectories(exec("containers").resolve(id('2')));
        Path output = Files.createDirectories(exec("output").resolve(id('3')));
        Path record = Files.writeString(exec("execs").resolve(id('4')), "{}");
        old(record);
        Files.createDirectories(of(id('5'), "upper"));
        Path unfinished = Files.createDirectories(data("images/tmp/unfinished"));
        Path blob = Files.createFile(data("images/content/blobs/sha256").resolve(id('6')));
        Path execRecord = Files.writeString(exec("containers").resolve(runs).resolve("exec-9.exec.new"), "{");

        List<String> subjects = List.of(
                "config " + runs,
                "state " + rests,
                "file " + of(rests, "hosts"),
                "runtime " + id('2'),
                "output " + output,
                "exec " + record,
                "container " + id('5'),
                "file " + unfinished,
                "blob sha256:" + id('6'),
                "runtime " + runs);
        assertThat(found(SystemCheck.of(daemon, "")))
                .containsExactlyInAnyOrderElementsOf(
                        subjects.stream().map(each -> each + ": found").toList());
        assertThat(List.of(record, output, unfinished, blob, execRecord)).allMatch(Files::exists);
        assertThat(found(SystemCheck.of(daemon, "?repair=1")))
                .containsExactlyInAnyOrderElementsOf(
                        subjects.stream().map(each -> each + ": mended").toList());
        SystemCheck.agrees(daemon);
        assertThat(List.of(record, output, unfinished, blob, execRecord)).noneMatch(Files::exists);

        daemon.end("KILL");
        daemon.startAgain();
        assertThat(ok("ps", "-a", "--format", "{{.Names}} {{.State}}")).isEqualTo("rests exited\nruns running");
        SystemCheck.agrees(daemon);
    }

    /// As a power cut may leave it.
    @Test
    void findsAndMendsAVolumeWhoseRecordIsEmpty() throws IOException {
        String options = "type=volume,src=kept,dst=/kept,volume-label=owner=me";
        ok("run", "-d", "--name", "runs", "--mount", options, EndToEnd.IMAGE, "sh", "-c", SLEEP);
        ok("create", "--name", "rests", "-v", "kept:/kept", EndToEnd.IMAGE, "cat", "/kept/file");
        ok("exec", "runs", "sh", "-c", "echo content > /kept/file");
        daemon.end("KILL");
        Files.write(data("volumes/kept/volume.json"), new byte[0]);
        daemon.startAgain();

        assertThat(ok("volume", "ls", "-q")).isEmpty();
        for (List<String> each : List.of(List.of("start", "rests"), List.of("volume", "create", "kept"))) {
            Result refused = docker.call(each.toArray(String[]::new));
            assertThat(refused.exit()).as(refused::toString).isEqualTo(1);
            assertThat(refused.err()).contains("volume kept is in ", "gantry system check --repair");
        }
        assertThat(found(SystemCheck.of(daemon, ""))).containsExactly("volume kept: found");
        Result repaired = gantry.call("system", "check", "--repair");
        assertThat(repaired.exit()).as(repaired::toString).isZero();

        SystemCheck.agrees(daemon);
        assertThat(ok("volume", "ls", "--filter", "label=owner=me", "-q")).isEqualTo("kept");
        assertThat(ok("start", "-a", "rests")).isEqualTo("content");
        assertThat(docker.call("volume", "rm", "kept").exit()).isEqualTo(1);
        assertThat(ok("exec", "runs", "cat", "/kept/file")).isEqualTo("content");
    }

    @Test
    void findsAMountThatNobodyOwns() throws IOException {
        Path place = Files.createDirectories(
                exec("containers").resolve(run("runs", SLEEP)).resolve("mnt"));
        assertThat(Command.run(List.of("mount", "-t", "tmpfs", "none", place.toString()), Map.of())
                        .exit())
                .isZero();
        try {
            assertThat(found(SystemCheck.of(daemon, "?repair=1"))).containsExactly("mount " + place + ": left");
        } finally {
            Command.run(List.of("umount", place.toString()), Map.of());
            Files.delete(place);
        }
        SystemCheck.agrees(daemon);
    }

    @Test
    void aBusyDaemonAgrees() throws Exception {
        String steady = run("steady", SLEEP);
        AtomicBoolean over = new AtomicBoolean();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> busy = new ArrayList<>();
            busy.add(threads.submit(() -> untilOver(over, connection -> startAndRemove(connection, "", false))));
            busy.add(threads.submit(() -> untilOver(over, connection -> startAndRemove(connection, "", true))));
            busy.add(threads.submit(
                    () -> untilOver(over, connection -> startAndRemove(connection, ", \"AutoRemove\": true", false))));
            busy.add(threads.submit(() -> untilOver(over, connection -> execute(connection, steady))));
            busy.add(threads.submit(() -> untilOver(over, _ -> {
                imports("busy", Map.of("etc/busy", new byte[] {'x'}));
                ok("create", "--name", "of-busy", "busy", "true");
                ok("rmi", "-f", "busy");
                ok("rm", "of-busy");
            })));
            try {
                for (int round = 0; round < ROUNDS; round++) {
                    SystemCheck.agrees(daemon);
                }
            } finally {
                over.set(true);
            }
            for (Future<?> each : busy) {
                each.get();
            }
        }
    }

    private interface Work {
        void run(EngineConnection connection) throws IOException;
    }

    private Void untilOver(AtomicBoolean over, Work work) throws IOException {
        while (!over.get()) {
            try (EngineConnection connection = daemon.connect()) {
                work.run(connection);
            }
        }
        return null;
    }

    private static void startAndRemove(EngineConnection connection, String hostConfig, boolean killed)
            throws IOException {
        String script = killed ? SLEEP : "echo output";
        var created = connection.post("/containers/create", """
                {"Image": "busybox", "Cmd": ["sh", "-c", "%s"], "HostConfig": {"NetworkMode": "none"%s}}""".formatted(script, hostConfig));
        assertThat(created.status()).as(created::text).isEqualTo(201);
        String id = EndToEnd.json(created.text()).at("/Id").asString();
        var started = connection.post("/containers/" + id + "/start", null);
        assertThat(started.status()).as(started::text).isEqualTo(204);
        if (hostConfig.isEmpty()) {
            var removed = connection.request("DELETE", "/containers/" + id + "?force=1", null);
            assertThat(removed.status()).as(removed::text).isEqualTo(204);
        }
    }

    private static void execute(EngineConnection connection, String container) throws IOException {
        var created = connection.post("/containers/" + container + "/exec", "{\"Cmd\": [\"true\"]}");
        String id = EndToEnd.json(created.text()).at("/Id").asString();
        var started = connection.post("/exec/" + id + "/start", "{\"Detach\": true}");
        assertThat(started.status()).as(started::text).isEqualTo(200);
    }
}
