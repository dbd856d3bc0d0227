package dev.gantry.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.engine.Consistency;
import dev.gantry.engine.request.CreateRequest;
import dev.gantry.engine.request.PullRequest;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The API over a real socket, with an engine that is none.
@Timeout(60)
class ApiServerTest {
    private static final String ATTACH = RawClient.head(
            "POST /v1.44/containers/%s/attach?stdin=1&stdout=1&stderr=1&stream=1 HTTP/1.1",
            "Host: /var/run/docker.sock", "Content-Type: text/plain%s");
    private static final String UPGRADE = "\r\nConnection: Upgrade\r\nUpgrade: tcp";

    private final FakeEngine engine = new FakeEngine();
    private final ApiServer server = new ApiServer(engine, new ApiOptions("0.1.0", "abc", "2026-01-01T00:00:00Z"));

    @TempDir
    private Path directory;

    private Path socket = Path.of("");

    @BeforeEach
    void listen() throws IOException {
        socket = directory.resolve("api.sock");
        server.start(List.of(new Listener.Unix(socket, null)));
    }

    @AfterEach
    void close() {
        engine.close();
        server.close();
    }

    @Test
    void opensTheSocketForOwnerAndGroupOnly() throws IOException {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket)))
                .isEqualTo("rw-rw----");
    }

    @Test
    void pingsWithTheHeadersThatClientsNegotiateBy() throws IOException {
        assertThat(RawClient.ask(socket, "HEAD", "/_ping"))
                .startsWith("HTTP/1.1 200")
                .contains("Api-Version: 1.50", "Ostype: linux", "Docker-Experimental: false", "Swarm: inactive")
                .contains("Builder-Version: 1", "Server: Gantry/0.1.0 (linux)");
        assertThat(RawClient.ask(socket, "GET", "/v1.24/_ping")).endsWith("\r\n\r\nOK");
    }

    @Test
    void refusesVersionsOutOfRangeWithDockersTexts() throws IOException {
        assertThat(RawClient.ask(socket, "GET", "/v1.23/info"))
                .startsWith("HTTP/1.1 400")
                .contains("client version 1.23 is too old. Minimum supported API version is 1.24, please upgrade your"
                        + " client to a newer version");
        assertThat(RawClient.ask(socket, "GET", "/v1.51/info"))
                .startsWith("HTTP/1.1 400")
                .contains("client version 1.51 is too new. Maximum supported API version is 1.50");
    }

    @Test
    void saysThatAPageIsNotFound() throws IOException {
        assertThat(RawClient.ask(socket, "GET", "/v1.44/nothing"))
                .startsWith("HTTP/1.1 404")
                .contains("{\"message\":\"page not found\"}");
    }

    @Test
    void translatesTheEnginesFailures() throws IOException {
        assertThat(RawClient.ask(socket, "POST", "/containers/none/start"))
                .startsWith("HTTP/1.1 404")
                .contains("{\"message\":\"No such container: none\"}");
        assertThat(RawClient.ask(socket, "POST", "/containers/running/start")).startsWith("HTTP/1.1 304");
        assertThat(RawClient.ask(socket, "POST", "/containers/named/start")).startsWith("HTTP/1.1 409");
        assertThat(RawClient.ask(socket, "POST", "/containers/broken/start")).startsWith("HTTP/1.1 500");
    }

    @Test
    void answersForSwarmAsANodeThatIsNoManager() throws IOException {
        assertThat(RawClient.ask(socket, "GET", "/v1.44/services"))
                .startsWith("HTTP/1.1 503")
                .contains("This node is not a swarm manager");
    }

    @Test
    void checksAndRepairsWhenItIsAsked() throws IOException {
        String answer = RawClient.ask(socket, "POST", "/v1.44/gantry/system/check", "");

        assertThat(answer)
                .startsWith("HTTP/1.1 200")
                .contains("{\"Agrees\":false,\"Findings\":[{\"Kind\":\"cgroup\",\"Subject\":\"c1\","
                        + "\"Problem\":\"belongs to nobody\",\"Repair\":\"remove it\",\"Outcome\":\"found\"}],"
                        + "\"LookedAt\":{\"Containers\":1,");
        assertThat(engine.lastArgument.get()).isEqualTo(new Consistency.CheckOptions(false, false));

        RawClient.ask(socket, "POST", "/gantry/system/check?repair=1&deep=true", "");

        assertThat(engine.lastArgument.get()).isEqualTo(new Consistency.CheckOptions(true, true));
    }

    @Test
    void explainsWhatACreateRequestWouldDo() throws IOException {
        for (String path : List.of("/gantry/explain?name=box", "/v1.44/gantry/explain?name=box")) {
            String answer = RawClient.ask(socket, "POST", path, "{\"Image\":\"busybox\",\"User\":\"1000\"}");

            assertThat(answer)
                    .startsWith("HTTP/1.1 200")
                    .contains("\"Steps\":[{\"Process\":\"container\",\"Call\":\"setsid\",\"Arguments\":\"\",")
                    .contains("\"What\":\"lead a session of its own\",\"Why\":\"default\"}]")
                    .contains("\"Text\":\"container  setsid()\\n\"");
            assertThat(engine.lastArgument.get()).isInstanceOfSatisfying(CreateRequest.class, request -> {
                assertThat(request.name()).isEqualTo("box");
                assertThat(request.config().user()).isEqualTo("1000");
            });
        }
    }

    @Test
    void streamsThePullOfAnImageUntilItFails() throws IOException {
        String answer = RawClient.ask(
                socket, "POST", "/v1.44/images/create?fromImage=docker.io/library/redis&tag=7&platform=linux/arm64");

        assertThat(answer)
                .startsWith("HTTP/1.1 200")
                .contains("{\"status\":\"Pulling from library/redis\",\"id\":\"7\"}\r\n")
                .contains("{\"status\":\"Pulling fs layer\",\"progressDetail\":{},\"id\":\"abc\"}\r\n")
                .contains("\"progress\":\"[===============>                                   ]  1.235MB/4MB\"")
                .contains("\"error\":\"no space left on device\"");
        assertThat(engine.lastArgument.get())
                .isEqualTo(new PullRequest("docker.io/library/redis:7", false, "linux/arm64", null));
    }

    @Test
    void answersAPullThatCannotBeginWithAStatus() throws IOException {
        assertThat(RawClient.ask(socket, "POST", "/v1.44/images/create?fromImage=missing&tag=sha256:ab"))
                .startsWith("HTTP/1.1 404")
                .contains("manifest for missing@sha256:ab not found");
    }

    @Test
    void namesTheFeatureThatIsNotThereYet() throws IOException {
        assertThat(RawClient.ask(socket, "POST", "/v1.44/build"))
                .startsWith("HTTP/1.1 501")
                .contains("building images is not supported yet");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET\r\n\r\n",
                "GET /_ping HTTP/9.9\r\nHost: x\r\n\r\n",
                "GET /_ping HTTP/1.1\r\n\r\n",
                "POST /containers/create HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
                "POST /containers/create HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}",
                "POST /containers/create HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n"
                        + "Transfer-Encoding: chunked\r\n\r\n{}",
                "GET /_ping HTTP/1.1\r\nHost: x\r\nno colon\r\n\r\n",
                "\0\1\2\3\r\n\r\n"
            })
    void refusesMalformedHttp(String request) throws IOException {
        try (RawClient client = new RawClient(socket)) {
            client.send(request);
            client.halfClose();
            assertThat(client.rest()).startsWith("HTTP/1.1 ").doesNotContain("HTTP/1.1 2");
        }
        assertThat(RawClient.ask(socket, "GET", "/_ping")).startsWith("HTTP/1.1 200");
    }

    @Test
    void refusesMalformedQueries() throws IOException {
        assertThat(RawClient.ask(socket, "GET", "/containers/json?all=%zz"))
                .startsWith("HTTP/1.1 400")
                .contains("invalid URL escape \\\"%zz\\\"");
        assertThat(RawClient.ask(socket, "GET", "/containers/json?a;b")).contains("invalid semicolon separator");
        assertThat(RawClient.ask(socket, "GET", "/containers/json?limit=x")).contains("strconv.Atoi");
        assertThat(RawClient.ask(socket, "GET", "/containers/json?filters=[")).startsWith("HTTP/1.1 400");
    }

    @Test
    void refusesMalformedBodies() throws IOException {
        String create = "/v1.44/containers/create";
        assertThat(RawClient.ask(socket, "POST", create, "{\"Image\":"))
                .startsWith("HTTP/1.1 400")
                .contains("JSON");
        assertThat(RawClient.ask(socket, "POST", create, "{} {}")).startsWith("HTTP/1.1 400");
        assertThat(RawClient.ask(socket, "POST", create, "{\"Env\":7}")).startsWith("HTTP/1.1 400");
        assertThat(RawClient.ask(socket, "POST", create))
                .startsWith("HTTP/1.1 400")
                .contains("config cannot be empty");
        assertThat(RawClient.ask(socket, "POST", create, "[".repeat(100_000))).startsWith("HTTP/1.1 400");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"Image\": 7} | invalid JSON: cannot unmarshal number 7 into field Image of type string",
                "{\"image\": 7} | invalid JSON: cannot unmarshal number 7 into field Image of type string",
                "{\"Cmd\": [1]} | invalid JSON: cannot unmarshal number 1 into field Cmd[0] of type string",
                "{\"Tty\": \"yes\"} | invalid JSON: cannot unmarshal string into field Tty of type boolean",
                "{\"HostConfig\": {\"Memory\": \"x\"}} | invalid JSON: cannot unmarshal string into field Memory of type integer",
                "{\"HostConfig\": []} | invalid JSON: HostConfig is no object",
                "[] | invalid JSON: cannot unmarshal array into the body of type object",
                "{\"Image\": | invalid JSON: unexpected EOF",
                "{}{} | unexpected content after JSON"
            })
    void tellsWhatIsWrongInTheWordsOfJson(String body, String message) throws IOException {
        String answer = RawClient.ask(socket, "POST", "/v1.44/containers/create", body);

        assertThat(answer)
                .startsWith("HTTP/1.1 400")
                .contains("{\"message\":\"" + message + "\"}")
                .doesNotContain("jackson", "Source", "dev.gantry");
    }

    @Test
    void letsLabelsDifferInCaseOnly() throws IOException {
        assertThat(RawClient.ask(
                        socket,
                        "POST",
                        "/v1.44/containers/create",
                        "{\"Image\":\"a\",\"Labels\":{\"a\":\"\",\"A\":\"\"}}"))
                .startsWith("HTTP/1.1 201");
        assertThat(RawClient.ask(
                        socket,
                        "POST",
                        "/v1.44/containers/create",
                        "{\"HostConfig\":{\"Mounts\":[{\"ReadOnly\":true,\"readonly\":false}]}}"))
                .startsWith("HTTP/1.1 400")
                .contains("Duplicate");
    }

    /// docker-py takes an answer without chunks for one that is over.
    @Test
    void streamsInChunks() throws IOException {
        try (RawClient client = new RawClient(socket)) {
            client.send("GET /v1.44/events HTTP/1.1\r\nHost: x\r\n\r\n");
            assertThat(client.head()).contains("Transfer-Encoding: chunked");
        }
        try (RawClient client = new RawClient(socket)) {
            client.send("GET /v1.44/events HTTP/1.0\r\n\r\n");
            assertThat(client.head()).startsWith("HTTP/1.1 200").doesNotContain("chunked");
        }
    }

    @Test
    void logsATraceOfRealFailuresOnly() throws IOException {
        List<LogRecord> loud = new CopyOnWriteArrayList<>();
        Handler collector = new Handler() {
            @Override
            public void publish(LogRecord log) {
                if (log.getLevel().intValue() >= Level.INFO.intValue()) {
                    loud.add(log);
                }
            }

            @Override
            public void flush() {
                // nothing is kept back
            }

            @Override
            public void close() {
                // there is nothing to close
            }
        };
        Logger logger = Logger.getLogger("dev.gantry.api.http.Dispatcher");
        logger.addHandler(collector);
        try {
            String _ = RawClient.ask(socket, "POST", "/containers/none/start");
            String _ = RawClient.ask(socket, "POST", "/containers/named/start");
            String _ = RawClient.ask(socket, "POST", "/v1.44/build");
            String _ = RawClient.ask(socket, "GET", "/v1.44/services");
            assertThat(loud).isEmpty();
            String _ = RawClient.ask(socket, "POST", "/containers/broken/start");
            assertThat(loud)
                    .singleElement()
                    .satisfies(log -> assertThat(log.getThrown()).isNotNull());
        } finally {
            logger.removeHandler(collector);
        }
    }

    @Test
    void saysOfThingsOfOtherKindsThatTheyAreNotThere() throws IOException {
        assertThat(RawClient.ask(socket, "GET", "/v1.44/networks/web"))
                .startsWith("HTTP/1.1 404")
                .contains("network web not found");
        assertThat(RawClient.ask(socket, "GET", "/v1.44/networks/bridge")).startsWith("HTTP/1.1 501");
        assertThat(RawClient.ask(socket, "GET", "/v1.44/volumes/web"))
                .startsWith("HTTP/1.1 404")
                .contains("get web: no such volume");
        assertThat(RawClient.ask(socket, "GET", "/v1.44/containers/none/stats")).startsWith("HTTP/1.1 404");
        assertThat(RawClient.ask(socket, "POST", "/v1.44/swarm/leave"))
                .startsWith("HTTP/1.1 503")
                .contains("This node is not part of a swarm");
    }

    @Test
    void refusesABodyThatIsTooLargeBeforeReadingIt() throws IOException {
        try (RawClient client = new RawClient(socket)) {
            client.send(RawClient.head(
                    "POST /containers/create HTTP/1.1",
                    "Host: x",
                    "Content-Type: application/json",
                    "Content-Length: 5000000"));
            assertThat(client.head()).startsWith("HTTP/1.1 413");
        }
    }

    /// CVE-2024-41110 and CVE-2026-34040 (moby): what is judged must be what is executed.
    @Test
    void refusesAKeyThatAppearsTwice() throws IOException {
        assertThat(RawClient.ask(socket, "POST", "/containers/create", "{\"Image\":\"a\",\"Image\":\"b\"}"))
                .startsWith("HTTP/1.1 400")
                .contains("Duplicate");
        assertThat(RawClient.ask(socket, "POST", "/containers/create", "{\"Image\":\"a\",\"image\":\"b\"}"))
                .startsWith("HTTP/1.1 400")
                .contains("Duplicate");
        assertThat(RawClient.ask(
                        socket,
                        "POST",
                        "/containers/create",
                        "{\"HostConfig\":{},\"hostconfig\":{\"Privileged\":true}}"))
                .startsWith("HTTP/1.1 400")
                .contains("Duplicate");
    }

    @Test
    void refusesAnotherContentTypeThanJson() throws IOException {
        try (RawClient client = new RawClient(socket)) {
            client.send("POST /containers/create HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
                    + "Content-Type: text/plain\r\nContent-Length: 2\r\n\r\n{}");
            assertThat(client.rest())
                    .startsWith("HTTP/1.1 400")
                    .contains("unsupported Content-Type header (text/plain): must be 'application/json'");
        }
    }

    @Test
    void readsACreateBodyAndItsQuery() throws IOException {
        String body = "{\"Image\":\"busybox\",\"Env\":null,\"HostConfig\":{\"AutoRemove\":true}}";
        assertThat(RawClient.ask(socket, "POST", "/v1.44/containers/create?name=web", body))
                .startsWith("HTTP/1.1 201")
                .contains("\"Warnings\":[]");
        assertThat(engine.lastArgument.get())
                .isInstanceOfSatisfying(
                        CreateRequest.class,
                        request -> assertThat(request.name()).isEqualTo("web"));
    }

    @Test
    void importsAChunkedUpload() throws IOException {
        try (RawClient client = new RawClient(socket)) {
            client.send(RawClient.head(
                    "POST /v1.44/images/create?fromSrc=-&repo=x HTTP/1.1",
                    "Host: x",
                    "Connection: close",
                    "Transfer-Encoding: chunked"));
            client.send("5\r\nhello\r\n0\r\n\r\n");
            assertThat(client.rest()).startsWith("HTTP/1.1 200").endsWith("{\"status\":\"sha256:5\"}\r\n");
        }
    }

    @Test
    void sendsTheHeadersOfAWaitBeforeItsEnd() throws IOException {
        try (RawClient client = new RawClient(socket)) {
            client.send("POST /v1.44/containers/echo/wait?condition=next-exit HTTP/1.1\r\nHost: x\r\n\r\n");
            assertThat(client.head()).startsWith("HTTP/1.1 200").contains("application/json");
            engine.exit.countDown();
            assertThat(client.rest()).contains("{\"StatusCode\":7}");
        }
    }

    @Test
    void givesAWaitUpWhenTheClientHasGone() throws Exception {
        try (RawClient client = new RawClient(socket)) {
            client.send("POST /v1.44/containers/echo/wait HTTP/1.1\r\nHost: x\r\n\r\n");
            String _ = client.head();
        }
        assertThat(engine.waitClosed.await(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void endsAnEventStreamWhenTheClientHasGone() throws Exception {
        try (RawClient client = new RawClient(socket)) {
            client.send("GET /v1.44/events HTTP/1.1\r\nHost: x\r\n\r\n");
            String _ = client.head();
        }
        assertThat(engine.eventsClosed.await(10, TimeUnit.SECONDS)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {UPGRADE, ""})
    void keepsTheOutputFlowingAfterTheClientsHalfClose(String upgrade) throws IOException {
        try (RawClient client = new RawClient(socket)) {
            // the first input comes with the request, the rest after the answer
            client.send(ATTACH.formatted("echo", upgrade) + "early ");
            assertThat(client.head())
                    .startsWith(upgrade.isEmpty() ? "HTTP/1.1 200 OK\r\n" : "HTTP/1.1 101 UPGRADED\r\n")
                    .contains("Content-Type: application/vnd.docker.raw-stream");
            client.send("late");
            client.halfClose();
            byte[] output = client.bytes();
            assertThat(new String(output, 0, 10, StandardCharsets.UTF_8)).isEqualTo("early late");
            assertThat(output).hasSize(10 + (1 << 20));
        }
    }

    @Test
    void framesOutputWithoutATerminalAndSaysSo() throws IOException {
        try (RawClient client = new RawClient(socket)) {
            client.send(ATTACH.formatted("yes", UPGRADE));
            assertThat(client.head()).contains("Content-Type: application/vnd.docker.multiplexed-stream");
        }
        try (RawClient client = new RawClient(socket)) {
            client.send(ATTACH.replace("v1.44", "v1.41").formatted("yes", UPGRADE));
            assertThat(client.head()).contains("Content-Type: application/vnd.docker.raw-stream");
        }
    }

    /// CVE-2025-64329, CVE-2022-31030: a client that does not read must not fill the daemon's memory.
    @Test
    void holdsTheProcessBackWhileTheClientDoesNotRead() throws Exception {
        try (RawClient client = new RawClient(socket)) {
            client.send(ATTACH.formatted("yes", UPGRADE));
            String _ = client.head();
            long before;
            do {
                before = engine.written.get();
            } while (engine.writerEnded.await(300, TimeUnit.MILLISECONDS) || engine.written.get() != before);
            assertThat(before).isLessThan(4 << 20);
        }
        assertThat(engine.writerEnded.await(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void letsAnAttachmentGoWhoseClientHasLeftBeforeTheAnswer() throws Exception {
        try (RawClient client = new RawClient(socket)) {
            client.send(ATTACH.formatted("left", UPGRADE));
            engine.attaching.await();
        }
        engine.left.countDown();
        assertThat(engine.attachmentClosed.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(engine.written).hasValue(0);
    }

    @Test
    void replacesASocketThatNobodyListensOn() throws IOException {
        Path stale = directory.resolve("stale.sock");
        try (var abandoned = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            boolean _ = abandoned.bind(UnixDomainSocketAddress.of(stale)) == null;
        }
        try (ApiServer second = new ApiServer(engine, new ApiOptions("0.1.0", "", ""))) {
            second.start(List.of(new Listener.Unix(stale, null)));
            assertThat(RawClient.ask(stale, "GET", "/_ping")).startsWith("HTTP/1.1 200");
        }
        assertThat(Arrays.asList(directory.toFile().list())).doesNotContain("stale.sock");
    }
}
