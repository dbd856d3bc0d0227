package dev.gantry.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.Parameter;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What the end-to-end tests have in common: short ways to call the client, and an empty daemon after each test.
public abstract class EndToEnd {
    /// The image that most tests use.
    public static final String IMAGE = "busybox";

    private static final AtomicInteger NAMES = new AtomicInteger();
    private static final JsonMapper MAPPER = new JsonMapper();

    /// The client and daemon of this round; JUnit sets it.
    @Parameter
    public Setup setup;

    @AfterEach
    void leavesAnEmptyDaemon() throws IOException {
        assertThat(setup.daemon().running())
                .as(() -> setup + ": the daemon is alive\n" + setup.daemon().logTail())
                .isTrue();
        setup.daemon().removeContainers();
        if (setup.onGantry()) {
            AtomicReference<List<String>> left = new AtomicReference<>(List.of());
            // what is to be removed at its end may still be on its way out
            Waiting.until(
                    () -> {
                        left.set(setup.daemon().belongings());
                        return left.get().isEmpty();
                    },
                    () -> setup + ": left behind: " + left.get());
        }
    }

    /// A container name that no other test uses.
    protected static String newName() {
        return "e2e-" + NAMES.incrementAndGet();
    }

    /// Runs a command, whatever its exit status.
    protected Result call(String... arguments) throws IOException {
        return setup.client().call(arguments);
    }

    /// Runs a command that must succeed; gives its standard output without surrounding space.
    protected String ok(String... arguments) throws IOException {
        Result result = call(arguments);
        assertThat(result.exit()).as("%s: %s", setup, result).isZero();
        return result.out().strip();
    }

    /// Runs a command that must fail with this status; gives its standard error.
    protected String fails(int exit, String... arguments) throws IOException {
        Result result = call(arguments);
        assertThat(result.exit()).as("%s: %s", setup, result).isEqualTo(exit);
        return result.err().strip();
    }

    /// Runs a shell script in a new container with these `run` options, removes it, and gives its standard output.
    protected String inside(String script, String... options) throws IOException {
        return ok(runWords(script, options));
    }

    /// The words of `run --rm <options> busybox sh -c <script>`.
    protected static String[] runWords(String script, String... options) {
        List<String> words = new ArrayList<>(List.of("run", "--rm"));
        words.addAll(List.of(options));
        words.addAll(List.of(IMAGE, "sh", "-c", script));
        return words.toArray(String[]::new);
    }

    /// Starts a container in the background with these `run` options; gives its name.
    protected String background(String script, String... options) throws IOException {
        String name = newName();
        List<String> words = new ArrayList<>(List.of("run", "-d", "--name", name));
        words.addAll(List.of(options));
        words.addAll(List.of(IMAGE, "sh", "-c", script));
        ok(words.toArray(String[]::new));
        return name;
    }

    /// What `inspect` says of a container or image, by the API.
    protected JsonNode inspect(String container) throws IOException {
        return api("/containers/" + container + "/json");
    }

    /// The answer to a GET request that must succeed.
    protected JsonNode api(String path) throws IOException {
        try (EngineConnection connection = setup.daemon().connect()) {
            EngineConnection.Response response = connection.get(path);
            assertThat(response.status())
                    .as("%s: GET %s: %s", setup, path, response.text())
                    .isEqualTo(200);
            return json(response.text());
        }
    }

    /// Text as an input stream.
    protected static InputStream bytes(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }

    public static JsonNode json(String text) {
        return MAPPER.readTree(text);
    }

    /// runc refuses what is privileged where the host itself lacks a capability; Gantry gives what there is.
    protected void assumeAllCapabilitiesForDockerd() throws IOException {
        int last = Integer.parseInt(
                Files.readString(Path.of("/proc/sys/kernel/cap_last_cap")).strip());
        boolean all = Long.bitCount(Long.parseUnsignedLong(hostStatus("CapBnd"), 16)) == last + 1;
        assumeTrue(setup.onGantry() || all, "host: it lacks capabilities, so runc runs nothing privileged");
    }

    /// A line of this process's own /proc/self/status.
    protected static String hostStatus(String name) throws IOException {
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith(name + ":"))
                .map(line -> line.substring(name.length() + 1).strip())
                .findFirst()
                .orElseThrow();
    }

    /// Waits until a container is in this state (`running`, `exited`, …).
    protected void awaitStatus(String container, String status) {
        Waiting.until(
                () -> status(container).equals(status), () -> setup + ": " + container + " does not become " + status);
    }

    /// Waits until a container exists and runs.
    protected void awaitRunning(String container) {
        Waiting.until(() -> status(container).equals("running"), () -> setup + ": " + container + " does not run");
    }

    /// A container's state (`running`, `exited`, …); empty if there is no such container.
    protected String status(String container) throws IOException {
        try (EngineConnection connection = setup.daemon().connect()) {
            EngineConnection.Response response = connection.get("/containers/" + container + "/json");
            return response.status() == 200
                    ? json(response.text()).at("/State/Status").asString()
                    : "";
        }
    }

    /// Waits until a container's log contains `text`.
    protected void awaitLog(String container, String text) {
        Waiting.until(
                () -> logOf(container).contains(text), () -> setup + ": no " + text + " in the log of " + container);
    }

    /// A container's log, both streams.
    protected String logOf(String container) throws IOException {
        Result result = call("logs", container);
        return result.out() + result.err();
    }
}
