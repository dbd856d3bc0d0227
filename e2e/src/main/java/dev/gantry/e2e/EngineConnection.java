package dev.gantry.e2e;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// HTTP/1.1 over a Unix socket, one request after the other on one connection. It is small and does nothing behind
/// the caller's back, so that timings are the daemon's and malformed requests arrive as they were written. Not
/// thread-safe.
public final class EngineConnection implements AutoCloseable {
    private static final Pattern CONTAINER_ID = Pattern.compile("\"Id\":\"([0-9a-f]{64})\"");

    private final SocketChannel channel;
    private final InputStream in;
    private final OutputStream out;

    private EngineConnection(SocketChannel channel) {
        this.channel = channel;
        this.in = new BufferedInputStream(Channels.newInputStream(channel));
        this.out = Channels.newOutputStream(channel);
    }

    public static EngineConnection open(Path socket) throws IOException {
        SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            channel.connect(UnixDomainSocketAddress.of(socket));
            return new EngineConnection(channel);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    /// An answer, read to its end. Header names are in lower case.
    public record Response(int status, Map<String, String> headers, String text) {}

    public Response get(String path) throws IOException {
        return request("GET", path, null);
    }

    public Response post(String path, @Nullable String json) throws IOException {
        return request("POST", path, json);
    }

    /// Sends a request, with a JSON body if there is one, and reads the answer.
    public Response request(String method, String path, @Nullable String json) throws IOException {
        send(method, path, json, Map.of());
        return receive(method.equals("HEAD"));
    }

    /// Sends a request and leaves the answer to be read.
    public void send(String method, String path, @Nullable String json, Map<String, String> headers)
            throws IOException {
        StringBuilder head = new StringBuilder(200);
        head.append(method).append(' ').append(path).append(" HTTP/1.1\r\nHost: docker\r\n");
        headers.forEach(
                (name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
        byte[] body = json == null ? new byte[0] : json.getBytes(StandardCharsets.UTF_8);
        if (json != null) {
            head.append("Content-Type: application/json\r\n");
        }
        if (json != null || method.equals("POST")) {
            head.append("Content-Length: ").append(body.length).append("\r\n");
        }
        head.append("\r\n");
        ByteArrayOutputStream request = new ByteArrayOutputStream();
        request.writeBytes(head.toString().getBytes(StandardCharsets.UTF_8));
        request.writeBytes(body);
        write(request.toByteArray());
    }

    /// Writes bytes as they are.
    public void write(byte[] bytes) throws IOException {
        out.write(bytes);
    }

    /// Ends the writing side; the daemon may still answer.
    public void shutdownOutput() throws IOException {
        channel.shutdownOutput();
    }

    /// Reads an answer to its end.
    public Response receive(boolean headOnly) throws IOException {
        Head head = receiveHead();
        byte[] body = headOnly ? new byte[0] : body(head);
        return new Response(head.status(), head.headers(), new String(body, StandardCharsets.UTF_8));
    }

    /// A status and headers; the body, or an upgraded stream, follows on [EngineConnection#stream].
    public record Head(int status, Map<String, String> headers) {}

    /// Reads status line and headers only.
    public Head receiveHead() throws IOException {
        String statusLine = line();
        Map<String, String> headers = new HashMap<>();
        for (String line = line(); !line.isEmpty(); line = line()) {
            int colon = line.indexOf(':');
            headers.put(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip());
        }
        return new Head(Integer.parseInt(statusLine.split(" ", 3)[1]), headers);
    }

    /// Reads the body that follows a head, to its end.
    public String rest(Head head) throws IOException {
        return new String(body(head), StandardCharsets.UTF_8);
    }

    /// What arrives after the head, as it comes.
    public InputStream stream() {
        return in;
    }

    private byte[] body(Head head) throws IOException {
        if (head.status() == 204 || head.status() == 304 || head.status() < 200) {
            return new byte[0];
        }
        if ("chunked".equals(head.headers().get("transfer-encoding"))) {
            return chunks();
        }
        String length = head.headers().get("content-length");
        return length == null ? in.readAllBytes() : exactly(Integer.parseInt(length));
    }

    private byte[] chunks() throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        for (int size = chunkSize(); size > 0; size = chunkSize()) {
            body.writeBytes(exactly(size));
            line();
        }
        line();
        return body.toByteArray();
    }

    private int chunkSize() throws IOException {
        return Integer.parseInt(line(), 16);
    }

    private byte[] exactly(int length) throws IOException {
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new EOFException("connection closed after %d of %d bytes".formatted(bytes.length, length));
        }
        return bytes;
    }

    private String line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream(80);
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new EOFException("connection closed in a line: " + line.toString(StandardCharsets.UTF_8));
            }
            line.write(c);
        }
        return line.toString(StandardCharsets.UTF_8).strip();
    }

    /// The full ids of all containers, running or not.
    public List<String> containerIds() throws IOException {
        Matcher matcher = CONTAINER_ID.matcher(get("/containers/json?all=1").text());
        List<String> ids = new ArrayList<>();
        while (matcher.find()) {
            ids.add(matcher.group(1));
        }
        return ids;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
