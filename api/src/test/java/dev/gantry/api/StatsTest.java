package dev.gantry.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// `GET /containers/{name}/stats` over a real socket, with an engine that gives samples as fast as they are asked for.
@Timeout(60)
class StatsTest {
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

    private String ask(String query) throws IOException {
        return RawClient.ask(socket, "GET", "/v1.44/containers/" + query);
    }

    @Test
    void givesTheSecondOfTwoSamples() throws IOException {
        assertThat(ask("sampled/stats?stream=0"))
                .startsWith("HTTP/1.1 200")
                .contains("\"read\":\"2026-01-01T00:00:01Z\",\"preread\":\"2026-01-01T00:00:00Z\"");
    }

    @Test
    void givesTheFirstOfOneSample() throws IOException {
        assertThat(ask("sampled/stats?stream=0&one-shot=1")).contains("\"read\":\"2026-01-01T00:00:00Z\"");
        assertThat(ask("stopped/stats?stream=0")).contains("\"read\":\"0001-01-01T00:00:00Z\"");
    }

    @Test
    void endsTheStreamWithTheContainer() throws IOException {
        assertThat(ask("sampled/stats").lines().filter(line -> line.startsWith("{")))
                .hasSize(FakeEngine.SAMPLES);
    }

    @Test
    void refusesWhatContradictsItself() throws IOException {
        assertThat(ask("sampled/stats?one-shot=1"))
                .startsWith("HTTP/1.1 400")
                .contains("{\"message\":\"cannot have stream=true and one-shot=true\"}");
        assertThat(ask("none/stats")).startsWith("HTTP/1.1 404");
    }

    /// It holds up its own stream and nobody else.
    @Test
    void isNotBlockedByAClientThatDoesNotRead() throws IOException {
        String request = RawClient.head("GET /v1.44/containers/endless/stats HTTP/1.1", "Host: docker");
        try (SocketChannel slow = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
            slow.write(ByteBuffer.wrap(request.getBytes(StandardCharsets.US_ASCII)));
            long before = -1;
            while (engine.written.get() == 0 || engine.written.get() != before) {
                before = engine.written.get();
                // other clients are answered meanwhile
                assertThat(ask("sampled/stats?stream=0&one-shot=1")).startsWith("HTTP/1.1 200");
            }
        }
    }
}
