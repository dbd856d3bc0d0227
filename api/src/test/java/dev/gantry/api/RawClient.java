package dev.gantry.api;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/// A client that sends whatever bytes it is told, and half-closes when it likes.
final class RawClient implements AutoCloseable {
    private final SocketChannel channel;
    private final InputStream input;
    private final OutputStream output;

    RawClient(Path socket) throws IOException {
        channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        boolean _ = channel.connect(UnixDomainSocketAddress.of(socket));
        input = Channels.newInputStream(channel);
        output = Channels.newOutputStream(channel);
    }

    /// Sends one request that asks for the connection to be closed, and returns everything that comes back.
    static String ask(Path socket, String method, String target) throws IOException {
        return ask(socket, method, target, "");
    }

    static String ask(Path socket, String method, String target, String json) throws IOException {
        try (RawClient client = new RawClient(socket)) {
            String body = json.isEmpty()
                    ? ""
                    : "Content-Type: application/json\r\nContent-Length: "
                            + json.getBytes(StandardCharsets.UTF_8).length + "\r\n";
            client.send(method + " " + target + " HTTP/1.1\r\nHost: docker\r\nConnection: close\r\n" + body + "\r\n"
                    + json);
            return client.rest();
        }
    }

    /// A request's head out of its lines.
    static String head(String... lines) {
        return String.join("\r\n", lines) + "\r\n\r\n";
    }

    void send(String text) throws IOException {
        send(text.getBytes(StandardCharsets.UTF_8));
    }

    void send(byte[] bytes) throws IOException {
        output.write(bytes);
    }

    void halfClose() throws IOException {
        channel.shutdownOutput();
    }

    /// Reads to the empty line that ends the head.
    String head() throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        while (!head.toString(StandardCharsets.UTF_8).endsWith("\r\n\r\n")) {
            int next = input.read();
            if (next < 0) {
                break;
            }
            head.write(next);
        }
        return head.toString(StandardCharsets.UTF_8);
    }

    String rest() throws IOException {
        return new String(bytes(), StandardCharsets.UTF_8);
    }

    byte[] bytes() throws IOException {
        return input.readAllBytes();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
