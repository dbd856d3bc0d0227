package dev.gantry.e2e.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.e2e.EndToEnd;
import dev.gantry.e2e.EngineConnection;
import dev.gantry.e2e.GantryDaemon;
import dev.gantry.e2e.Waiting;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Bytes that are no proper request get a clear answer at once, cost nothing, and the daemon stays up (moby
/// CVE-2024-23650: a malformed request panicked the daemon).
@GantryDaemon
@Timeout(60)
class MalformedHttpIT extends EndToEnd {
    private static final String HOST = "Host: x\r\n";
    private static final String CREATE =
            "POST /v1.50/containers/create HTTP/1.1\r\n" + HOST + "Content-Type: application/json\r\n";
    private static final String CHUNKED = CREATE + "Transfer-Encoding: chunked\r\n\r\n";
    private static final String IMPORT = "POST /v1.50/images/create?fromSrc=- HTTP/1.1\r\n" + HOST;

    private int logBefore;

    @BeforeEach
    void markTheLog() throws IOException {
        logBefore = Files.readString(log()).length();
    }

    static Stream<Arguments> requests() {
        return Stream.of(
                Arguments.of("no Host", "GET /_ping HTTP/1.1\r\n\r\n", 400),
                Arguments.of("two Hosts", "GET /_ping HTTP/1.1\r\n" + HOST + "Host: y\r\n\r\n", 400),
                Arguments.of("no version", "GET /_ping\r\n\r\n", 505),
                Arguments.of("version 9", "GET /_ping HTTP/9.9\r\n" + HOST + "\r\n", 505),
                Arguments.of("HTTP/2 at once", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 426),
                Arguments.of("TLS", "\u0016\u0003\u0001\u0002\0\u0001\0\u0001", 400),
                Arguments.of("NULs", "\0\0\0\0\r\n\r\n", 400),
                Arguments.of("a header of 2 MiB", "GET /_ping HTTP/1.1\r\n" + HOST + "X: " + "a".repeat(2 << 20), 431),
                Arguments.of("100,000 headers", "GET /_ping HTTP/1.1\r\n" + HOST + "X: a\r\n".repeat(100_000), 431),
                Arguments.of("a path of 200 kB", "GET /" + "a".repeat(200_000) + " HTTP/1.1\r\n" + HOST + "\r\n", 414),
                Arguments.of("a folded header", "GET /_ping HTTP/1.1\r\n" + HOST + "X: a\r\n b\r\n\r\n", 400),
                Arguments.of("a header without colon", "GET /_ping HTTP/1.1\r\n" + HOST + "X\r\n\r\n", 400),
                Arguments.of("a space before the colon", "GET /_ping HTTP/1.1\r\nHost : x\r\n\r\n", 400),
                Arguments.of("a NUL in a header", "GET /_ping HTTP/1.1\r\n" + HOST + "X: a\0b\r\n\r\n", 400),
                Arguments.of("a NUL in the path", "GET /containers/a%00b/json HTTP/1.1\r\n" + HOST + "\r\n", 400),
                Arguments.of("no UTF-8 in the path", "GET /containers/%ff/json HTTP/1.1\r\n" + HOST + "\r\n", 400),
                Arguments.of("half an escape", "GET /containers/%z/json HTTP/1.1\r\n" + HOST + "\r\n", 400),
                Arguments.of("dots in the path", "GET /containers/%2e%2e/info HTTP/1.1\r\n" + HOST + "\r\n", 400),
                Arguments.of("CONNECT", "CONNECT x:1 HTTP/1.1\r\n" + HOST + "\r\n", 400),
                Arguments.of("no number as length", CREATE + "Content-Length: +2\r\n\r\n{}", 400),
                Arguments.of("a negative length", CREATE + "Content-Length: -1\r\n\r\n{}", 400),
                Arguments.of("a length of 20 digits", CREATE + "Content-Length: 99999999999999999999\r\n\r\n{}", 400),
                Arguments.of("two lengths", CREATE + "Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}", 400),
                Arguments.of(
                        "a length and chunks",
                        CREATE + "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n{}",
                        400),
                Arguments.of("an unknown transfer encoding", CREATE + "Transfer-Encoding: gzip\r\n\r\n{}", 400),
                Arguments.of("a bad chunk", CHUNKED + "zz\r\n{}\r\n0\r\n\r\n", 400),
                Arguments.of("a negative chunk", CHUNKED + "-1\r\n{}\r\n0\r\n\r\n", 400),
                Arguments.of("a chunk of 2^72 bytes", CHUNKED + "fffffffffffffffff\r\n{}\r\n0\r\n\r\n", 400),
                Arguments.of("an end within the chunks", CHUNKED + "5\r\n{", 400),
                Arguments.of("an end within the body", CREATE + "Content-Length: 1000\r\n\r\n{\"Image\":", 400),
                Arguments.of("no UTF-8 in the body", CREATE + "Content-Length: 12\r\n\r\n{\"Image\":\"\u00ff\"", 400),
                Arguments.of(
                        "JSON 100,000 deep",
                        CREATE + "Content-Length: 500000\r\n\r\n" + "{\"a\":".repeat(100_000),
                        400),
                Arguments.of(
                        "an end within an import", IMPORT + "Content-Length: 100000\r\n\r\n" + "\0".repeat(512), 400),
                Arguments.of("an import of noise", IMPORT + "Content-Length: 1024\r\n\r\n" + "x".repeat(1024), 400));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("requests")
    void isAnswered(String what, String request, int status) throws IOException {
        String answer = exchange(request);
        assertThat(answer)
                .as(what)
                .startsWith("HTTP/1.1 " + status + " ")
                .contains("\r\nContent-Type: application/json\r\n");
        assertThat(json(answer.substring(answer.indexOf("\r\n\r\n") + 4))
                        .get("message")
                        .stringValue())
                .as(what)
                .isNotBlank();
        assertNothingStays();
    }

    @Test
    void isDroppedWhenItEndsInItsHead() throws IOException {
        for (String start :
                List.of("", "G", "GET /_ping HT", "GET /_ping HTTP/1.1\r\n", "GET /_ping HTTP/1.1\r\n" + HOST)) {
            assertThat(exchange(start)).as(start).doesNotContain("200 OK");
        }
        assertNothingStays();
    }

    /// CVE-2024-41110, CVE-2026-34040 (moby): an oversized body is refused, whichever way its size is told, and never
    /// read.
    @Test
    void isRefusedWhenItIsTooLarge() throws IOException {
        assertThat(exchangeOpen(CREATE + "Content-Length: 1073741824\r\n\r\n"))
                .as("1 GiB that is never sent")
                .startsWith("HTTP/1.1 413 ")
                .contains("request body is larger than 4194304 bytes");
        String chunk = "100000\r\n" + " ".repeat(1 << 20) + "\r\n";
        assertThat(exchange(CHUNKED + chunk.repeat(5) + "0\r\n\r\n"))
                .as("5 MiB in chunks")
                .startsWith("HTTP/1.1 413 ");
        assertNothingStays();
    }

    /// CVE-2024-41110, CVE-2026-34040 (moby): what a policy would judge is what is done.
    @Test
    void isRefusedWhenItCanBeReadTwoWays() throws IOException {
        for (String body : new String[] {
            "{\"Image\":\"busybox\",\"Cmd\":[\"true\"],\"HostConfig\":{\"Privileged\":false,\"Privileged\":true}}",
            "{\"Image\":\"busybox\",\"Cmd\":[\"true\"],\"HostConfig\":{\"Privileged\":false,\"privileged\":true}}",
            "{\"Image\":\"busybox\",\"Cmd\":[\"true\"],\"HostConfig\":{\"Mounts\":[{\"ReadOnly\":true,\"readonly\":false}]}}",
            "{\"Image\":\"busybox\",\"Cmd\":[\"true\"]}{\"HostConfig\":{\"Privileged\":true}}"
        }) {
            assertThat(exchange(CREATE + "Content-Length: " + body.length() + "\r\n\r\n" + body))
                    .as(body)
                    .startsWith("HTTP/1.1 400 ");
        }
        // a compressed body is not JSON, whatever a header says
        assertThat(exchange(CREATE + "Content-Encoding: gzip\r\nContent-Length: 4\r\n\r\n\u001f\u008b\b\0"))
                .startsWith("HTTP/1.1 400 ");
        assertThat(exchange(CREATE + "Content-Length: 0\r\n\r\n")).startsWith("HTTP/1.1 400 ");
        assertNothingStays();
    }

    @Test
    void doesNotHinderWhatIsProper() throws IOException {
        assertThat(exchange("GET /_ping HTTP/1.0\r\n\r\n"))
                .startsWith("HTTP/1.1 200 ")
                .endsWith("OK");
        String ping = "GET /_ping HTTP/1.1\r\n" + HOST + "\r\n";
        String answers = exchange(ping.repeat(3) + "GET /nope HTTP/1.1\r\n" + HOST + "Connection: close\r\n\r\n");
        assertThat(answers.split("HTTP/1.1 200 ", -1))
                .as("three pings, pipelined")
                .hasSize(4);
        assertThat(answers).endsWith("{\"message\":\"page not found\"}\n");
    }

    /// Sends what is to be sent, ends the output, and reads to the end.
    private String exchange(String request) throws IOException {
        try (EngineConnection connection = setup.daemon().connect()) {
            try {
                connection.write(request.getBytes(StandardCharsets.ISO_8859_1));
                connection.shutdownOutput();
            } catch (IOException _) {
                // the daemon has had enough: what it says is what counts
            }
            return answer(connection);
        }
    }

    private String exchangeOpen(String request) throws IOException {
        try (EngineConnection connection = setup.daemon().connect()) {
            connection.write(request.getBytes(StandardCharsets.ISO_8859_1));
            return answer(connection);
        }
    }

    private static String answer(EngineConnection connection) {
        StringBuilder answer = new StringBuilder();
        try {
            for (int next = connection.stream().read();
                    next >= 0;
                    next = connection.stream().read()) {
                answer.append((char) next);
            }
        } catch (IOException _) {
            // a reset after the answer: not everything that was sent has been read
        }
        return answer.toString();
    }

    /// No container, no trace in the log, and no connection that stays.
    private void assertNothingStays() throws IOException {
        assertThat(setup.daemon().running()).isTrue();
        assertThat(Files.readString(log()).substring(logBefore)).doesNotContain("\tat ");
        try (EngineConnection connection = setup.daemon().connect()) {
            assertThat(connection.containerIds()).isEmpty();
        }
        Waiting.until(() -> connections() == 0, () -> "connections stay open: " + connections());
    }

    private Path log() {
        return setup.daemon().directory().resolve("log");
    }

    private long connections() {
        String socket = setup.daemon().socket().toString();
        try {
            // 01 is listening, 03 connected
            return Files.readAllLines(Path.of("/proc/net/unix")).stream()
                    .filter(line -> line.endsWith(" " + socket) && line.contains(" 03 "))
                    .count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
