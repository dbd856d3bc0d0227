package dev.gantry.e2e.registries;

import dev.gantry.e2e.Connections;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;

/// Stands before a registry and refuses some requests for a while, as Docker Hub does that of who asks too often.
final class LimitedRegistry implements AutoCloseable {
    private static final String BODY =
            "{\"errors\":[{\"code\":\"TOOMANYREQUESTS\",\"message\":\"You have reached your" + " pull rate limit.\"}]}";

    private final Connections connections;
    private final int target;
    private final List<String> refused = new CopyOnWriteArrayList<>();
    private final AtomicInteger left = new AtomicInteger();
    private volatile Pattern limited = Pattern.compile("nothing");
    private volatile String retryAfter = "";

    /// @param registry `host:port` on loopback
    LimitedRegistry(String registry) throws IOException {
        this.target = Integer.parseInt(registry.substring(registry.lastIndexOf(':') + 1));
        this.connections = new Connections(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), this::serve);
    }

    /// Its name in references.
    String host() {
        return "127.0.0.1:" + connections.port();
    }

    /// Refuses requests from now on.
    ///
    /// @param request an expression for what is limited: `GET .*/manifests/.*`
    /// @param times how many are refused
    /// @param after the header `Retry-After`; empty for none
    void limit(String request, int times, String after) {
        refused.clear();
        limited = Pattern.compile(request);
        retryAfter = after;
        left.set(times);
    }

    /// What has been refused since.
    List<String> refused() {
        return List.copyOf(refused);
    }

    private void serve(Socket client) throws IOException {
        InputStream input = new BufferedInputStream(client.getInputStream());
        HttpHead request = HttpHead.read(input);
        if (request == null) {
            // what every server does that is spoken to in TLS and has none
            client.getOutputStream().write("HTTP/1.0 400 Bad Request\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            return;
        }
        if (limited.matcher(request.toString()).matches() && left.getAndUpdate(each -> Math.max(0, each - 1)) > 0) {
            refused.add(request.toString());
            client.getOutputStream().write(refusal(request));
            return;
        }
        try (Socket server = new Socket(InetAddress.getLoopbackAddress(), target)) {
            server.getOutputStream().write(request.passedOn());
            Connections.join(client, input, server);
        }
    }

    private byte[] refusal(HttpHead request) {
        String header = retryAfter.isEmpty() ? "" : "Retry-After: " + retryAfter + "\r\n";
        String body = request.method().equals("HEAD") ? "" : BODY;
        return """
                HTTP/1.1 429 Too Many Requests\r
                Content-Type: application/json\r
                Content-Length: %d\r
                Connection: close\r
                %s\r
                %s""".formatted(body.length(), header, body).getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public void close() throws IOException {
        connections.close();
    }
}
