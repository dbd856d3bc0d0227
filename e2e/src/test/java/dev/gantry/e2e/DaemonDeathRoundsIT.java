package dev.gantry.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// The daemon is killed at random points while containers start, write as fast as they can, are attached to,
/// execute, end and are started again by their policy: none is lost, no byte of a log is lost or doubled, and nothing
/// is left behind.
/// `-De2e.deaths=200` makes it a long run.
class DaemonDeathRoundsIT {
    private static final int ROUNDS = Integer.getInteger("e2e.deaths", 20);

    private final long seed = Long.getLong("e2e.seed", System.nanoTime());
    private final Random random = new Random(seed);
    private DaemonUnderTest daemon;
    private Client docker;
    private String steady;
    private String restless;

    @BeforeEach
    void startOne() throws IOException {
        daemon = DaemonUnderTest.start(DaemonKind.GANTRY);
        docker = new Client(ClientKind.DOCKER, daemon);
        Result imported = docker.callWithInput(BusyboxImage.tar(Map.of()), "import", "-", EndToEnd.IMAGE);
        assertThat(imported.exit()).as(imported::toString).isZero();
        try (EngineConnection connection = daemon.connect()) {
            steady = DoomedWork.create(connection, "i=0; while :; do i=$((i+1)); echo $i; sleep 0.01; done");
            restless = DoomedWork.create(connection, "echo >> /starts; wc -l < /starts; sleep 0.1; exit 3");
            String policy = "{\"RestartPolicy\":{\"Name\":\"always\"}}";
            assertThat(connection
                            .post("/containers/" + restless + "/update", policy)
                            .status())
                    .isEqualTo(200);
            for (String each : List.of(steady, restless)) {
                assertThat(connection
                                .post("/containers/" + each + "/start", null)
                                .status())
                        .isEqualTo(204);
            }
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
        int started = 0;
        int executed = 0;
        int unsure = 0;
        for (int round : IntStream.range(0, ROUNDS).toArray()) {
            String what = "round %d of seed %d".formatted(round, seed);
            DoomedWork done = new DoomedWork(daemon, steady);
            done.workUntilKilled(random);
            long begin = System.nanoTime();
            daemon.startAgain();
            answers.add(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin));
            check(what, done);
            started += done.started().size() + done.shouting().size();
            executed += done.executed().size();
            unsure += done.unsure().size();
        }
        answers.sort(Long::compare);
        System.out.printf(
                "%d deaths (seed %d) of a daemon that had started %d containers and %d execs, and was killed in %d starts:"
                        + " the next one answered after %d ms (median), %d ms at most%n",
                ROUNDS, seed, started, executed, unsure, answers.get(answers.size() / 2), answers.getLast());
        assertThat(docker.call("stop", restless).exit()).isZero();
        List<String> log = docker.call("logs", steady).out().lines().toList();
        assertThat(log).containsExactlyElementsOf(numbers(log.size()));
        List<String> runs = docker.call("logs", restless).out().lines().toList();
        assertThat(runs).containsExactlyElementsOf(numbers(runs.size()));
    }

    private void check(String what, DoomedWork round) throws IOException {
        assertThat(status(steady)).as(what).isEqualTo("running");
        assertThat(status(restless)).as(what).isIn("running", "restarting");
        for (Map.Entry<String, Integer> each : round.started().entrySet()) {
            checkEnd(what, each.getKey(), each.getValue());
            assertThat(docker.call("logs", each.getKey()).out().lines())
                    .as("%s: the log of container %s", what, each.getKey())
                    .containsExactlyElementsOf(numbers(DoomedWork.LINES));
        }
        for (Map.Entry<String, Integer> each : round.shouting().entrySet()) {
            checkEnd(what, each.getKey(), each.getValue());
            assertThat(docker.call("logs", each.getKey()).out())
                    .as("%s: the log of `yes` in container %s", what, each.getKey())
                    .isEqualTo("y\n".repeat(DoomedWork.SHOUTS));
        }
        round.attached().forEach((id, output) -> {
            List<String> whole =
                    output.substring(0, output.lastIndexOf('\n') + 1).lines().toList();
            assertThat(whole)
                    .as("%s: what a client attached to container %s read", what, id)
                    .containsExactlyElementsOf(numbers(whole.size()));
        });
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
        removeAllButThoseThatStay();
        Waiting.until(() -> strangers().isEmpty(), () -> what + ": left behind: " + strangers());
        Waiting.until(() -> shims().size() == 1, () -> what + ": supervisors of execs are left");
        assertThat(SystemCheck.of(daemon, "").at("/Findings"))
                .as(what + ": what the daemon finds wrong")
                .isEmpty();
    }

    private void checkEnd(String what, String id, int code) throws IOException {
        assertThat(answer("POST", "/containers/" + id + "/wait")
                        .at("/StatusCode")
                        .asInt())
                .as("%s: container %s", what, id)
                .isEqualTo(code);
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

    private void removeAllButThoseThatStay() throws IOException {
        try (EngineConnection connection = daemon.connect()) {
            for (String id : connection.containerIds()) {
                if (!List.of(steady, restless).contains(id)) {
                    var response = connection.request("DELETE", "/containers/" + id + "?force=1&v=1", null);
                    assertThat(response.status()).as(response::text).isEqualTo(204);
                }
            }
        }
    }

    /// What belongs to the daemon's containers, but not to those that stay.
    private Map<String, Long> strangers() {
        try {
            Map<String, Long> found = new HashMap<>(daemon.belongings().stream()
                    .filter(each -> !each.contains(steady) && !each.contains(restless))
                    .collect(Collectors.groupingBy(each -> each, Collectors.counting())));
            return found;
        } catch (IOException e) {
            return Map.of(String.valueOf(e.getMessage()), 1L); // it changes while it is read
        }
    }

    private List<String> shims() throws IOException {
        Path hierarchy = Path.of(Cgroups.unified() ? "/sys/fs/cgroup" : "/sys/fs/cgroup/systemd");
        return Files.readAllLines(
                hierarchy.resolve(daemon.cgroupParent() + "/supervisors/" + steady + "/cgroup.procs"));
    }
}
