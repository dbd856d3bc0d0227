package dev.gantry.e2e.registries;

import dev.gantry.e2e.Connections;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/// A plain HTTP server on loopback that answers as a test wants it to, and remembers what it was asked. (The JDK's own
/// waits for the end of a line from clients that try TLS first, and they wait for it.)
final class ScriptedServer implements AutoCloseable {
    record Reply(int status, Map<String, String> headers, String body) {
        static Reply json(int status, String body) {
            return new Reply(status, Map.of("Content-Type", "application/json"), body);
        }
    }

    interface Handler {
        Reply answer(HttpHead request) throws IOException;
    }

    private final Connections connections;
    private final Handler handler;
    private final List<HttpHead> requests = new CopyOnWriteArrayList<>();

    ScriptedServer(Handler handler) throws IOException {
        this.handler = handler;
        this.connections = new Connections(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), this::serve);
    }

    private void serve(Socket client) throws IOException {
        InputStream input = new BufferedInputStream(client.getInputStream());
        OutputStream output = new BufferedOutputStream(client.getOutputStream());
        for (HttpHead request = HttpHead.read(input); request != null; request = HttpHead.read(input)) {
            requests.add(request);
            Reply reply = handler.answer(request);
            byte[] body = reply.body().getBytes(StandardCharsets.UTF_8);
            StringBuilder head = new StringBuilder("HTTP/1.1 %d Whatever\r\n".formatted(reply.status()));
            reply.headers().forEach((name, value) -> head.append("%s: %s\r\n".formatted(name, value)));
            head.append("Content-Length: %d\r\n\r\n".formatted(body.length));
            output.write(head.toString().getBytes(StandardCharsets.ISO_8859_1));
            if (!request.method().equals("HEAD")) {
                output.write(body);
            }
            output.flush();
        }
    }

    /// Its name in references.
    String host() {
        return "127.0.0.1:" + connections.port();
    }

    /// What it was asked, oldest first.
    List<HttpHead> requests() {
        return List.copyOf(requests);
    }

    @Override
    public void close() throws IOException {
        connections.close();
    }
}
