package dev.gantry.e2e.registries;

import dev.gantry.e2e.Connections;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/// An HTTP proxy on loopback that asks for a password, passes requests on to servers on this host whatever they are
/// called, and remembers them.
final class ForwardProxy implements AutoCloseable {
    private static final String REFUSAL = """
            HTTP/1.1 407 Proxy Authentication Required\r
            Proxy-Authenticate: Basic realm="proxy"\r
            Content-Length: 0\r
            Connection: close\r
            \r
            """;

    private final Connections connections;
    private final String expected;
    private final Map<String, String> servers;
    private final List<String> requests = new CopyOnWriteArrayList<>();

    /// @param login `user:password`
    /// @param servers `host:port` on loopback, by the `host:port` that clients know
    ForwardProxy(String login, Map<String, String> servers) throws IOException {
        this.expected = "Basic " + Base64.getEncoder().encodeToString(login.getBytes(StandardCharsets.UTF_8));
        this.servers = servers;
        this.connections = new Connections(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), this::serve);
    }

    String host() {
        return "127.0.0.1:" + connections.port();
    }

    /// What came with the right password: `CONNECT name:443`, `GET http://name/path`.
    List<String> requests() {
        return List.copyOf(requests);
    }

    private void serve(Socket client) throws IOException {
        InputStream input = new BufferedInputStream(client.getInputStream());
        OutputStream output = client.getOutputStream();
        HttpHead request = HttpHead.read(input);
        if (request == null) {
            return;
        }
        if (!expected.equals(request.headers().get("Proxy-Authorization"))) {
            output.write(REFUSAL.getBytes(StandardCharsets.US_ASCII));
            return;
        }
        requests.add(request.toString());
        boolean tunnel = request.method().equals("CONNECT");
        String server = servers.get(tunnel ? request.target() : authority(request));
        if (server == null) {
            output.write("HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            return;
        }
        try (Socket target = new Socket(InetAddress.getLoopbackAddress(), port(server))) {
            if (tunnel) {
                output.write("HTTP/1.1 200 Connection established\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            } else {
                target.getOutputStream().write(request.passedOn());
            }
            Connections.join(client, input, target);
        }
    }

    private static String authority(HttpHead request) {
        return request.target().replaceFirst("^http://([^/]+)/.*", "$1");
    }

    private static int port(String server) {
        return Integer.parseInt(server.substring(server.lastIndexOf(':') + 1));
    }

    @Override
    public void close() throws IOException {
        connections.close();
    }
}
