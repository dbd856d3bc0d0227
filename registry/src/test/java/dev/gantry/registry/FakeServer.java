package dev.gantry.registry;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/// A server on loopback that answers as a test wants it to, and remembers what it was asked.
final class FakeServer implements AutoCloseable {
    /// A request, as it came.
    record Seen(String method, String path, Map<String, String> headers, String body) {
        @Nullable
        String header(String name) {
            return headers.get(name);
        }
    }

    /// An answer; `cutAfter` bytes of the body the connection ends, and with `stall` it does not end but stays silent.
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Reply(int status, Map<String, String> headers, byte[] body, int cutAfter, boolean stall) {
        static Reply of(int status, byte[] body) {
            return new Reply(status, Map.of(), body, body.length, false);
        }

        static Reply of(int status, String body) {
            return of(status, body.getBytes(StandardCharsets.UTF_8));
        }

        static Reply json(int status, String body) {
            return of(status, body).with("Content-Type", "application/json");
        }

        Reply with(String header, String value) {
            Map<String, String> more = new HashMap<>(headers);
            more.put(header, value);
            return new Reply(status, more, body, cutAfter, stall);
        }

        Reply cutAfter(int bytes) {
            return new Reply(status, headers, body, bytes, stall);
        }

        Reply stalledAfter(int bytes) {
            return new Reply(status, headers, body, bytes, true);
        }
    }

    interface Handler {
        Reply reply(Seen request);
    }

    private final ServerSocket listener;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Set<Socket> connections = ConcurrentHashMap.newKeySet();
    private final Map<String, Handler> handlers = new ConcurrentHashMap<>();
    private final List<Seen> seen = new CopyOnWriteArrayList<>();

    FakeServer() throws IOException {
        this(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()));
    }

    private FakeServer(ServerSocket listener) {
        this.listener = listener;
        on("GET /v2/", _ -> Reply.of(200, "{}"));
        threads.execute(this::accept);
    }

    static FakeServer withTls(SSLContext context) throws IOException {
        return new FakeServer(
                context.getServerSocketFactory().createServerSocket(0, 50, InetAddress.getLoopbackAddress()));
    }

    /// @param request method and path without query, `GET /v2/`
    FakeServer on(String request, Handler handler) {
        handlers.put(request, handler);
        return this;
    }

    String authority() {
        return "127.0.0.1:" + listener.getLocalPort();
    }

    /// What was asked, oldest first.
    List<Seen> seen() {
        return List.copyOf(seen);
    }

    List<Seen> seen(String request) {
        return seen.stream()
                .filter(each -> (each.method() + " " + each.path().replaceAll("\\?.*", "")).equals(request))
                .toList();
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket connection = listener.accept();
                connections.add(connection);
                threads.execute(() -> serve(connection));
            } catch (IOException _) {
                // closed
            }
        }
    }

    private void serve(Socket connection) {
        try (connection) {
            InputStream input = new BufferedInputStream(connection.getInputStream());
            OutputStream output = new BufferedOutputStream(connection.getOutputStream());
            Seen request = read(input);
            while (request != null) {
                seen.add(request);
                String path = request.path().replaceAll("\\?.*", "");
                Handler handler = handlers.getOrDefault(request.method() + " " + path, _ -> Reply.of(404, ""));
                send(output, request, handler.reply(request));
                request = read(input);
            }
            // what every server does that is spoken to in TLS and has none
            output.write("HTTP/1.0 400 Bad Request\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            output.flush();
        } catch (IOException _) {
            // cut, by the client or the test
        } finally {
            connections.remove(connection);
        }
    }

    /// The next request; null if it is none.
    private static @Nullable Seen read(InputStream input) throws IOException {
        input.mark(1);
        int first = input.read();
        input.reset();
        if (first < 'A' || first > 'Z') {
            return null;
        }
        String[] line = line(input).split(" ", 3);
        Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        for (String header = line(input); !header.isEmpty(); header = line(input)) {
            int colon = header.indexOf(':');
            headers.put(header.substring(0, colon), header.substring(colon + 1).strip());
        }
        byte[] body = input.readNBytes(Integer.parseInt(headers.getOrDefault("Content-Length", "0")));
        return new Seen(line[0], line[1], headers, new String(body, StandardCharsets.ISO_8859_1));
    }

    private static String line(InputStream input) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = input.read(); next != '\n'; next = input.read()) {
            if (next < 0) {
                throw new EOFException();
            }
            line.append((char) next);
        }
        return line.toString().strip();
    }

    private static void send(OutputStream output, Seen request, Reply reply) throws IOException {
        StringBuilder head = new StringBuilder("HTTP/1.1 %d Whatever\r\n".formatted(reply.status()));
        reply.headers().forEach((name, value) -> head.append("%s: %s\r\n".formatted(name, value)));
        if (!reply.headers().containsKey("Content-Length")) {
            head.append("Content-Length: %d\r\n".formatted(reply.body().length));
        }
        output.write(head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
        if (!request.method().equals("HEAD")) {
            output.write(reply.body(), 0, Math.min(reply.cutAfter(), reply.body().length));
        }
        output.flush();
        if (reply.stall()) {
            LockSupport.park();
        }
        if (reply.cutAfter() < reply.body().length) {
            throw new EOFException("cut");
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (Socket connection : connections) {
            connection.close();
        }
        threads.shutdownNow();
    }
}
