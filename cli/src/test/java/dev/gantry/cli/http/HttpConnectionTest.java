package dev.gantry.cli.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(20)
class HttpConnectionTest {
    @TempDir
    Path directory;

    private ServerSocketChannel server;
    private Endpoint endpoint;

    @BeforeEach
    void listen() throws IOException {
        Path socket = directory.resolve("s");
        server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(socket));
        endpoint = new Endpoint.Unix(socket);
    }

    @AfterEach
    void close() throws IOException {
        server.close();
    }

    /// What the other side does with one connection.
    @FunctionalInterface
    private interface Peer {
        void serve(SocketChannel connection, InputStream in) throws IOException;
    }

    private CompletableFuture<Void> serve(Peer peer) {
        return CompletableFuture.runAsync(() -> {
            try (SocketChannel connection = server.accept()) {
                peer.serve(connection, Channels.newInputStream(connection));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    private static void send(SocketChannel connection, String text) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1));
        while (bytes.hasRemaining()) {
            connection.write(bytes);
        }
    }

    private static String head(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (!head.toString().endsWith("\r\n\r\n")) {
            head.append((char) in.read());
        }
        return head.toString();
    }

    private String get(String answer) throws IOException {
        CompletableFuture<Void> _ = serve((connection, in) -> {
            head(in);
            send(connection, answer);
        });
        try (HttpConnection connection = HttpConnection.open(endpoint)) {
            HttpResponse response = connection.exchange(HttpRequest.of("GET", "/x"));
            return response.status() + ":" + new String(response.body().readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }

    @Test
    void readsBodiesOfAllKinds() throws IOException {
        assertThat(get("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabcEXTRA")).isEqualTo("200:abc");
        assertThat(get("HTTP/1.1 200 OK\r\n\r\nuntil the end")).isEqualTo("200:until the end");
        assertThat(
                        get(
                                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3;a=b\r\nabc\r\n0A\r\n0123456789\r\n0\r\nTrailer: x\r\n\r\n"))
                .isEqualTo("200:abc0123456789");
        assertThat(get("HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\nabcde"))
                .isEqualTo("204:");
        assertThat(get("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200\r\nContent-Length: 2\r\n\r\nok"))
                .isEqualTo("200:ok");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabc",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabc",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n",
                "HTTP/1.1 200 OK\r\nContent-Le",
                "",
            })
    void reportsAConnectionThatEndsTooEarly(String answer) {
        assertThatThrownBy(() -> get(answer)).isInstanceOf(EOFException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SSH-2.0-OpenSSH\r\n\r\n",
                "HTTP/1.1 20x OK\r\n\r\n",
                "HTTP/1.1 200 OK\r\nno colon\r\n\r\n",
                "HTTP/1.1 200 OK\r\nName : x\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-3\r\nabc\r\n0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nabc\r\n0\r\n\r\n",
            })
    void refusesMalformedAnswers(String answer) {
        assertThatThrownBy(() -> get(answer)).isInstanceOf(HttpException.class);
    }

    @Test
    void refusesEndlessHeaders() {
        String many = "A: b\r\n".repeat(300);
        assertThatThrownBy(() -> get("HTTP/1.1 200 OK\r\n" + many + "\r\n")).isInstanceOf(HttpException.class);
        assertThatThrownBy(() -> get("HTTP/1.1 200 OK\r\nA: " + "b".repeat(70_000) + "\r\n\r\n"))
                .isInstanceOf(HttpException.class);
    }

    @Test
    void refusesLineBreaksInRequests() {
        assertThatThrownBy(() -> HttpRequest.of("GET", "/a b")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> HttpRequest.of("GET", "/").with("A", "b\r\nC: d"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void sendsAStreamInChunks() throws Exception {
        CompletableFuture<Void> peer = serve((connection, in) -> {
            assertThat(head(in))
                    .contains("Transfer-Encoding: chunked")
                    .startsWith("POST /x HTTP/1.1\r\nHost: localhost\r\n");
            assertThat(new String(in.readNBytes(13), StandardCharsets.ISO_8859_1))
                    .isEqualTo("3\r\nabc\r\n0\r\n\r\n");
            send(connection, "HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n");
        });
        try (HttpConnection connection = HttpConnection.open(endpoint)) {
            InputStream content = new ByteArrayInputStream("abc".getBytes(StandardCharsets.US_ASCII));
            HttpRequest request =
                    HttpRequest.of("POST", "/x").with(new HttpRequest.Body.Chunks(content), "application/x-tar");
            assertThat(connection.exchange(request).status()).isEqualTo(201);
        }
        peer.get();
    }

    @Test
    void takesTheConnectionOverWithHalfCloseInBothDirections() throws Exception {
        byte[] content = new byte[1 << 20];
        Arrays.fill(content, (byte) 'x');
        CompletableFuture<Void> peer = serve((connection, in) -> {
            head(in);
            send(connection, "HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\n\r\nearly");
            // echoes everything after the end of the input: the client must still read after its own half-close
            byte[] all = in.readAllBytes();
            try (OutputStream out = Channels.newOutputStream(connection)) {
                out.write(all);
            }
        });
        try (HttpConnection connection = HttpConnection.open(endpoint)) {
            HttpResponse response =
                    connection.exchange(HttpRequest.of("POST", "/attach").with("Upgrade", "tcp"));
            assertThat(response.status()).isEqualTo(101);
            assertThat(new String(response.body().readNBytes(5), StandardCharsets.US_ASCII))
                    .isEqualTo("early");
            connection.rawOutput().write(content);
            connection.closeWrite();
            assertThat(response.body().readAllBytes()).isEqualTo(content);
        }
        peer.get();
    }

    @Test
    void readsAddressesAsDockersClientsWriteThem() {
        assertThat(Endpoint.parse("unix:///run/x.sock").text()).isEqualTo("unix:///run/x.sock");
        assertThat(Endpoint.parse("tcp://[::1]:2376/base").text()).isEqualTo("tcp://[::1]:2376/base");
        assertThat(Endpoint.parse("tcp://host").text()).isEqualTo("tcp://host:2375");
        assertThatThrownBy(() -> Endpoint.parse("bogus://x")).hasMessage("invalid bind address format: bogus://x");
        assertThatThrownBy(() -> Endpoint.parse("tcp://h:99999")).isInstanceOf(IllegalArgumentException.class);
    }
}
