package dev.gantry.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// `logs` and its options.
@EverySetup
class LogsIT extends EndToEnd {
    private static final String STAMP = "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{9}Z ";

    @Test
    void keepBothStreamsApart() throws IOException {
        String name = exited("echo out; echo err >&2");
        Result logs = call("logs", name);
        assertThat(logs.out()).isEqualTo("out\n");
        assertThat(logs.err()).isEqualTo("err\n");
    }

    @Test
    void showTheLastLinesOnly() throws IOException {
        String name = exited("seq 100");
        assertThat(call("logs", "--tail", "3", name).lines()).containsExactly("98", "99", "100");
        assertThat(call("logs", "-n", "0", name).out()).isEmpty();
        assertThat(call("logs", "--tail", "all", name).lines()).hasSize(100);
        assertThat(call("logs", "--tail", "1000", name).lines()).hasSize(100);
    }

    @Test
    void showTimesOnRequest() throws IOException {
        String name = exited("echo one; echo two");
        assertThat(call("logs", "-t", name).lines()).allMatch(line -> line.matches(STAMP + "(one|two)"));
    }

    @Test
    void showWhatCameSinceAndUntilATime() throws IOException {
        String name = exited("echo one; sleep 1.2; echo two");
        List<String> stamped = call("logs", "-t", name).lines();
        String middle = Instant.parse(stamped.getLast().split(" ", 2)[0])
                .minusMillis(500)
                .toString();
        assertThat(call("logs", "--since", middle, name).lines()).containsExactly("two");
        assertThat(call("logs", "--until", middle, name).lines()).containsExactly("one");
        assertThat(call("logs", "--since", "1h", name).lines()).containsExactly("one", "two");
        assertThat(call("logs", "--until", "1h", name).lines()).isEmpty();
    }

    @Test
    void takeTimesInEveryFormOfDockers() throws IOException {
        String name = exited("echo one");
        for (String since : List.of("0", "2026-01-02", "2026-01-02T10", "2026-01-02T10Z", "2026-01-02+01:00")) {
            assertThat(call("logs", "--since", since, name).lines()).as(since).containsExactly("one");
        }
        for (String until : List.of("2026-01-02T10-01:00", "2026-01-02Z", "2026-01-02T10:20+01:00")) {
            assertThat(call("logs", "--until", until, name).lines()).as(until).isEmpty();
        }
        assertThat(call("logs", "--until", "0", name).lines()).containsExactly("one");
    }

    @Test
    void followARunningContainerToItsEnd() throws IOException {
        String name = background("echo begin; while [ ! -e /tmp/go ]; do sleep 0.05; done; sleep 0.3; echo end");
        try (Command follow = setup.client().start("logs", "-f", name)) {
            follow.awaitOutput("begin\n");
            ok("exec", name, "touch", "/tmp/go");
            Result result = follow.await();
            assertThat(result.out()).isEqualTo("begin\nend\n");
            assertThat(result.exit()).isZero();
        }
    }

    @Test
    void followUntilATimeThatIsCenturiesAway() throws IOException {
        String name = background("echo begin; while [ ! -e /tmp/go ]; do sleep 0.05; done; echo end");
        try (Command follow = setup.client().start("logs", "-f", "--until", "9999-01-01", name)) {
            follow.awaitOutput("begin\n");
            ok("exec", name, "touch", "/tmp/go");
            assertThat(follow.await().out()).isEqualTo("begin\nend\n");
        }
    }

    @Test
    void followOnlyWhatIsNewWithTailZero() throws IOException {
        String name = background("echo old; read x; echo new", "-i");
        awaitLog(name, "old");
        try (Command follow = setup.client().start("logs", "-f", "--tail", "0", name)) {
            Waiting.until(follow::running, () -> "logs ended");
            try (Command attach = setup.client().start("attach", name)) {
                attach.stdin().write('\n');
                attach.stdin().flush();
                assertThat(follow.await().out()).isIn("new\n", "");
            }
        }
    }

    @Test
    void holdLongLinesAndUnfinishedOnesWhole() throws IOException {
        String name = exited("head -c 100000 /dev/zero | tr '\\0' x; printf 'no newline'");
        String log = call("logs", name).out();
        assertThat(log).hasSize(100_010).endsWith("xno newline").doesNotContain("\n");
    }

    @Test
    void areKeptByTheDriverLocalToo() throws IOException {
        String name = background("echo out; echo err >&2; printf 'no newline'", "--log-driver", "local");
        ok("wait", name);
        Result logs = call("logs", name);
        assertThat(logs.out()).isEqualTo("out\nno newline");
        assertThat(logs.err()).isEqualTo("err\n");
        assertThat(call("logs", "--tail", "1", "-t", name).out()
                        + call("logs", "--tail", "1", "-t", name).err())
                .containsPattern(STAMP);
        assertThat(inspect(name).at("/LogPath").asString()).isEmpty();
    }

    @Test
    void surviveTheirContainersRestart() throws IOException {
        String name = exited("echo again");
        ok("start", name);
        ok("wait", name);
        assertThat(call("logs", name).out()).isEqualTo("again\nagain\n");
    }

    @Test
    void areWrittenAsJsonLines() throws IOException {
        String name = exited("echo \"a \\\"quoted\\\" line\"; echo err >&2");
        assertThat(inspect(name).at("/HostConfig/LogConfig/Type").asString()).isEqualTo("json-file");
        String path = inspect(name).at("/LogPath").asString();
        List<String> lines = Files.readAllLines(Path.of(path));
        assertThat(lines)
                .hasSize(2)
                // Go's RFC3339Nano: without zeros at the end
                .allMatch(line -> json(line).at("/time").asString().matches("[0-9-]{10}T[0-9:]{8}(\\.\\d{1,9})?Z"));
        assertThat(lines.stream().map(line -> json(line).at("/stream").asString()))
                .containsExactlyInAnyOrder("stdout", "stderr");
        assertThat(lines).anyMatch(line -> json(line).at("/log").asString().equals("a \"quoted\" line\n"));
    }

    @Test
    void ofAnUnknownContainerAreAnError() throws IOException {
        assertThat(fails(1, "logs", "nobody")).containsIgnoringCase("no such container: nobody");
    }

    @Test
    void haveTheOptionsOfAllDriversWithEachDriver() throws IOException {
        for (String driver : List.of("json-file", "local")) {
            String name = background(
                    "echo one",
                    "--log-driver",
                    driver,
                    "--log-opt",
                    "mode=non-blocking",
                    "--log-opt",
                    "max-buffer-size=1m");
            ok("wait", name);
            assertThat(call("logs", name).lines()).containsExactly("one");
        }
    }

    @Test
    void haveATagWithTheFieldsOfTheirContainer() throws IOException {
        String name = background(
                "echo one",
                "--log-opt",
                "tag={{.Name}} {{ .ID }} {{.FullID}} {{.ImageID}} {{.ImageFullID}} {{.ImageName}} {{.DaemonName}}}~*");
        ok("wait", name);
        String id = inspect(name).at("/Id").asString();
        String image = inspect(name).at("/Image").asString();
        String rest = " " + id.substring(0, 12) + " " + id + " " + image.substring(0, 12) + " " + image + " " + IMAGE
                + " docker}~*";
        String other = newName();
        ok("rename", name, other);
        ok("start", other);
        ok("wait", other);

        assertThat(call("logs", "--details", other).lines())
                .containsExactly(detail(name + rest) + " one", detail(other + rest) + " one");
        assertThat(refused("json-file", "tag={{.Nope}}")).contains("Nope");
        assertThat(refused("json-file", "tag={{.Name")).contains("unclosed action");
    }

    private static String detail(String tag) {
        return "tag="
                + tag.replace(" ", "+").replace(":", "%3A").replace("}", "%7D").replace("*", "%2A");
    }

    @Test
    void areNotKeptWithOptionsThatMeanNothing() throws IOException {
        for (String driver : List.of("json-file", "local")) {
            assertThat(refused(driver, "mode=banana")).contains("logger: logging mode not supported: banana");
            assertThat(refused(driver, "max-buffer-size=1m"))
                    .contains("logger: max-buffer-size option is only supported with 'mode=non-blocking'");
            assertThat(refused(driver, "mode=non-blocking", "max-buffer-size=xyz"))
                    .contains("error parsing option max-buffer-size: invalid size: 'xyz'");
            assertThat(refused(driver, "compress=banana"))
                    .contains("strconv.ParseBool: parsing \"banana\": invalid syntax");
        }
    }

    /// What `run` says that must refuse these options, be it that the container is not made or not started.
    private String refused(String driver, String... options) throws IOException {
        List<String> words = new ArrayList<>(List.of("run", "--name", newName(), "--log-driver", driver));
        for (String option : options) {
            words.addAll(List.of("--log-opt", option));
        }
        words.addAll(List.of(IMAGE, "true"));
        return fails(125, words.toArray(String[]::new));
    }

    private String exited(String script) throws IOException {
        String name = background(script);
        ok("wait", name);
        return name;
    }
}
