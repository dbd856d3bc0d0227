package dev.gantry.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// The daemon is killed at random points while containers start, write, execute and end: none is lost, and nothing is
/// left behind. `-De2e.deaths=200` makes it a long run.
class DaemonDeathRoundsIT {
    private static final int ROUNDS = Integer.getInteger("e2e.deaths", 20);
    private static final int LINES = 20_000;
    private static final int LONGEST_LIFE_MILLIS = 900;

    private final long seed = Long.getLong("e2e.seed", System.nanoTime());
    private final Random random = new Random(seed);
    private DaemonUnderTest daemon;
    private Client docker;
    private String steady;

    /// What was acknowledged in one round.
    ///
    /// @param started containers by ID, with the exit codes that they are to end with
    /// @param executed the same of execs
    /// @param unsure containers whose start was asked for and not acknowledged
    private record Round(Map<String, Integer> started, Map<String, Integer> executed, Queue<String> unsure) {
        Round() {
            this(new ConcurrentHashMap<>(), new ConcurrentHashMap<>(), new ConcurrentLinkedQueue<>());
        }
    }

    @BeforeEach
    void startOne() throws IOException {
        daemon = DaemonUnderTest.start(DaemonKind.GANTRY);
        docker = new Client(ClientKind.DOCKER, daemon);
        Result imported = docker.callWithInput(BusyboxImage.tar(Map.of()), "import", "-", EndToEnd.IMAGE);
        assertThat(imported.exit()).as(imported::toString).isZero();
        try (EngineConnection connection = daemon.connect()) {
            steady = create(connection, "i=0; while :; do i=$((i+1)); echo $i; sleep 0.01; done");
            assertThat(connection.post("/containers/" + steady + "/start", null).status())
                    .isEqualTo(204);
        }
    }

    @AfterEach
    void leavesNothingAtItsEnd() throws IOException {
        daemon.close();
        assertThat(Cgroups.named(daemon.cgroupParent())).isEmpty();
    }

    @Test
    void losesNothingAtRandomPoints() throws IOException {
        List<Long> answers = new ArrayList<>();
        Round total = new Round();
        for (int round : IntStream.range(0, ROUNDS).toArray()) {
            String what = "round %d of seed %d".formatted(round, seed);
            Round done = workUntilKilled();
            long begin = System.nanoTime();
            daemon.startAgain();
            answers.add(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin));
            check(what, done);
            total.started().putAll(done.started());
            total.executed().putAll(done.executed());
            total.unsure().addAll(done.unsure());
        }
        answers.sort(Long::compare);
        System.out.printf(
                "%d deaths (seed %d) of a daemon that had started %d containers and %d execs, and was killed in %d starts:"
                        + " the next one answered after %d ms (median), %d ms at most%n",
                ROUNDS,
                seed,
                total.started().size(),
                total.executed().size(),
                total.unsure().size(),
                answers.get(answers.size() / 2),
                answers.getLast());
        List<String> log = docker.call("logs", steady).out().lines().toList();
        assertThat(log).containsExactlyElementsOf(numbers(log.size()));
    }

    /// Starts containers and execs from several connections until the daemon is killed.
    private Round workUntilKilled() throws IOException {
        Round round = new Round();
        AtomicBoolean over = new AtomicBoolean();
        List<Thread> workers = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            int worker = i;
            workers.add(Thread.ofVirtual()
                    .start(() -> untilItDies(over, connection -> {
                        if (worker > 0) {
                            startOne(connection, round);
                        } else {
                            executeOne(connection, round);
                        }
                    })));
        }
        if (random.nextInt(3) > 0) {
            // not always before the first start, on a busy machine
            awaitStart(round);
        }
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20 + random.nextInt(LONGEST_LIFE_MILLIS)));
        daemon.end("KILL");
        over.set(true);
        for (Thread worker : workers) {
            try {
                worker.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException(e);
            }
        }
        return round;
    }

    private static void awaitStart(Round round) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (round.started().isEmpty() && System.nanoTime() < deadline) {
            LockSupport.parkNanos(1_000_000);
        }
    }

    private interface Work {
        void run(EngineConnection connection) throws IOException;
    }

    private void untilItDies(AtomicBoolean over, Work work) {
        try (EngineConnection connection = daemon.connect()) {
            while (!over.get()) {
                work.run(connection);
            }
        } catch (IOException _) {
            // that was its death
        }
    }

    private static String create(EngineConnection connection, String script) throws IOException {
        var response = connection.post("/containers/create", """
                {"Image": "busybox", "Cmd": ["sh", "-c", "%s"], "HostConfig": {"NetworkMode": "none"}}""".formatted(script));
        assertThat(response.status()).as(response::text).isEqualTo(201);
        return EndToEnd.json(response.text()).at("/Id").asString();
    }

    private static void startOne(EngineConnection connection, Round round) throws IOException {
        int code = 3 + round.started().size() % 100;
        String id = create(connection, "seq 1 10000; sleep 0.1; seq 10001 " + LINES + "; exit " + code);
        round.unsure().add(id);
        if (connection.post("/containers/" + id + "/start", null).status() == 204) {
            round.started().put(id, code);
            round.unsure().remove(id);
        }
    }

    private void executeOne(EngineConnection connection, Round round) throws IOException {
        int code = 3 + round.executed().size() % 100;
        String body = "{\"Cmd\": [\"sh\", \"-c\", \"sleep 0.3; exit " + code + "\"]}";
        var created = connection.post("/containers/" + steady + "/exec", body);
        String id = EndToEnd.json(created.text()).at("/Id").asString();
        if (connection.post("/exec/" + id + "/start", "{\"Detach\": true}").status() == 200) {
            round.executed().put(id, code);
        }
    }

    private void check(String what, Round round) throws IOException {
        assertThat(status(steady)).as(what).isEqualTo("running");
        for (Map.Entry<String, Integer> each : round.started().entrySet()) {
            checkEnd(what, each.getKey(), each.getValue());
        }
        for (Map.Entry<String, Integer> each : round.executed().entrySet()) {
            Waiting.until(
                    () -> !exec(each.getKey()).at("/Running").asBoolean(),
                    () -> what + ": exec " + each.getKey() + " does not end");
            assertThat(exec(each.getKey()).at("/ExitCode").asInt())
                    .as(what + ": exec " + each.getKey())
                    .isEqualTo(each.getValue());
        }
        for (String id : round.unsure()) {
            // there, or as before its start
            Waiting.until(
                    () -> List.of("created", "exited").contains(status(id)),
                    () -> what + ": container " + id + " is in between");
        }
        removeAllButTheSteadyOne();
        Waiting.until(() -> strangers().isEmpty(), () -> what + ": left behind: " + strangers());
        assertThat(shims()).as(what).hasSize(1);
    }

    private void checkEnd(String what, String id, int code) throws IOException {
        assertThat(answer("POST", "/containers/" + id + "/wait")
                        .at("/StatusCode")
                        .asInt())
                .as("%s: container %s", what, id)
                .isEqualTo(code);
        assertThat(docker.call("logs", id).out().lines())
                .as("%s: the log of container %s", what, id)
                .containsExactlyElementsOf(numbers(LINES));
    }

    private static List<String> numbers(int last) {
        return IntStream.rangeClosed(1, last).mapToObj(Integer::toString).toList();
    }

    private String status(String container) throws IOException {
        return answer("GET", "/containers/" + container + "/json")
                .at("/State/Status")
                .asString();
    }

    private JsonNode exec(String id) throws IOException {
        return answer("GET", "/exec/" + id + "/json");
    }

    private JsonNode answer(String method, String path) throws IOException {
        try (EngineConnection connection = daemon.connect()) {
            EngineConnection.Response response = connection.request(method, path, null);
            assertThat(response.status()).as(response::text).isEqualTo(200);
            return EndToEnd.json(response.text());
        }
    }

    private void removeAllButTheSteadyOne() throws IOException {
        try (EngineConnection connection = daemon.connect()) {
            for (String id : connection.containerIds()) {
                if (!id.equals(steady)) {
                    var response = connection.request("DELETE", "/containers/" + id + "?force=1&v=1", null);
                    assertThat(response.status()).as(response::text).isEqualTo(204);
                }
            }
        }
    }

    /// What belongs to the daemon's containers, but not to the one that stays.
    private Map<String, Long> strangers() {
        try {
            Map<String, Long> found = new HashMap<>(daemon.belongings().stream()
                    .filter(each -> !each.contains(steady))
                    .collect(Collectors.groupingBy(each -> each, Collectors.counting())));
            return found;
        } catch (IOException e) {
            return Map.of(String.valueOf(e.getMessage()), 1L); // it changes while it is read
        }
    }

    private List<String> shims() throws IOException {
        Path procs = Path.of("/sys/fs/cgroup/systemd", daemon.cgroupParent(), "supervisors", steady, "cgroup.procs");
        return Files.readAllLines(procs);
    }
}
