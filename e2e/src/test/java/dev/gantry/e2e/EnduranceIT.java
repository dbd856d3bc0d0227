package dev.gantry.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/// Many starts and execs leave nothing behind, neither on the host nor in the daemon. `scripts/endurance` runs it long.
class EnduranceIT {
    private static final int COUNT = Integer.getInteger("e2e.endurance", 300);

    /// After so many, what is made once has been made: classes, compiled code, buffers.
    private static final int WARM_UP = 200;

    private static final String EXEC = """
            {"Cmd":["true"],"AttachStdout":true,"AttachStderr":true}""";
    private static final Map<String, String> UPGRADE = Map.of("Connection", "Upgrade", "Upgrade", "tcp");
    private static final Pattern USED = Pattern.compile("total +[0-9]+K, used ([0-9]+)K");

    private DaemonUnderTest daemon;
    private EngineConnection connection;

    @BeforeEach
    void startOne() throws IOException {
        daemon = DaemonUnderTest.start(DaemonKind.GANTRY);
        Result imported =
                new Client(ClientKind.DOCKER, daemon).callWithInput(BusyboxImage.tar(), "import", "-", EndToEnd.IMAGE);
        assertThat(imported.exit()).as(imported::toString).isZero();
        connection = daemon.connect();
    }

    @AfterEach
    void end() throws IOException {
        connection.close();
        daemon.close();
    }

    /// What the daemon holds.
    ///
    /// @param heap live objects in KiB
    /// @param resident its memory in KiB
    private record Figures(long descriptors, long threads, long heap, long resident) {}

    @Test
    void startsLeaveNothingBehind() throws IOException {
        starts(WARM_UP);
        Figures before = figures();
        starts(COUNT);
        Figures after = figures();
        System.out.printf("%d starts: %s, then %s%n", COUNT, before, after);

        flat(before, after);
        nothingIsLeft();
    }

    @Test
    void execsLeaveNothingBehind() throws IOException {
        String id = create("\"sleep\",\"100000\"");
        ask("POST", "/containers/" + id + "/start", null, 204);
        int processes = processes(id);
        execs(id, WARM_UP);
        Figures before = figures();
        execs(id, COUNT);
        Figures after = figures();
        System.out.printf("%d execs: %s, then %s%n", COUNT, before, after);

        flat(before, after);
        Waiting.until(
                () -> processes(id) == processes && execFiles(id) == 0,
                () -> "the container has more processes than before, or files of execs");
        ask("DELETE", "/containers/" + id + "?force=1", null, 204);
        nothingIsLeft();
    }

    private void starts(int count) throws IOException {
        for (int i = 0; i < count; i++) {
            String id = create("\"true\"");
            ask("POST", "/containers/" + id + "/start", null, 204);
            try (EngineConnection waiter = daemon.connect()) {
                // its answer closes the connection
                assertThat(waiter.post("/containers/" + id + "/wait", null).text())
                        .contains("\"StatusCode\":0");
            }
            ask("DELETE", "/containers/" + id, null, 204);
        }
    }

    private void execs(String id, int count) throws IOException {
        for (int i = 0; i < count; i++) {
            String exec = id(ask("POST", "/containers/" + id + "/exec", EXEC, 201));
            try (EngineConnection hijacked = daemon.connect()) {
                hijacked.send("POST", "/exec/" + exec + "/start", "{}", UPGRADE);
                assertThat(hijacked.receiveHead().status()).isEqualTo(101);
                assertThat(hijacked.stream().readAllBytes()).isEmpty();
            }
        }
    }

    private String create(String words) throws IOException {
        String json = """
                {"Image":"busybox","Cmd":[%s],"HostConfig":{"NetworkMode":"none","Memory":67108864,"PidsLimit":64}}""".formatted(words);
        return id(ask("POST", "/containers/create", json, 201));
    }

    private String ask(String method, String path, @Nullable String json, int status) throws IOException {
        EngineConnection.Response answer = connection.request(method, path, json);
        assertThat(answer.status()).as(answer.text()).isEqualTo(status);
        return answer.text();
    }

    private static String id(String answer) {
        return new JsonMapper().readTree(answer).get("Id").stringValue();
    }

    private Figures figures() throws IOException {
        Path proc = Path.of("/proc", Long.toString(daemon.pid()));
        // twice: what the first collection finalizes the second frees
        jcmd("GC.run");
        jcmd("GC.run");
        Matcher used = USED.matcher(jcmd("GC.heap_info"));
        long heap =
                used.results().mapToLong(each -> Long.parseLong(each.group(1))).sum();
        return new Figures(
                entries(proc.resolve("fd")),
                entries(proc.resolve("task")),
                heap,
                ProcessStatus.number(daemon.pid(), "VmRSS"));
    }

    private String jcmd(String command) throws IOException {
        Result result = Command.run(
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                        Long.toString(daemon.pid()),
                        command),
                Map.of());
        assertThat(result.exit()).as(result::toString).isZero();
        return result.out();
    }

    private static long entries(Path directory) throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.count();
        }
    }

    /// A record of each run would be at least some hundred bytes.
    private static void flat(Figures before, Figures after) {
        assertThat(after.descriptors()).isLessThanOrEqualTo(before.descriptors() + 4);
        assertThat(after.threads()).isLessThanOrEqualTo(before.threads() + 8);
        assertThat(after.heap()).isLessThan(before.heap() + 512 + COUNT / 10);
    }

    private int processes(String id) throws IOException {
        int count = 0;
        for (Path group : Cgroups.named(daemon.cgroupParent())) {
            for (Path below : Cgroups.below(group)) {
                if (below.toString().contains(id)) {
                    count += Files.readAllLines(below.resolve("cgroup.procs")).size();
                }
            }
        }
        return count;
    }

    /// Files about execs that have ended.
    private long execFiles(String id) throws IOException {
        try (Stream<Path> files = Files.list(daemon.directory().resolve("exec/containers/" + id))) {
            return files.filter(each -> each.getFileName().toString().startsWith("exec"))
                    .count();
        }
    }

    private void nothingIsLeft() throws IOException {
        Waiting.until(() -> daemon.belongings().isEmpty(), () -> {
            try {
                return "left behind: " + daemon.belongings();
            } catch (IOException e) {
                return "left behind: " + e;
            }
        });
        SystemCheck.agrees(daemon);
    }
}
