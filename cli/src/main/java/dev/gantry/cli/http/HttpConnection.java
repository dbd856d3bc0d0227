package dev.gantry.cli.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/// One connection for one exchange. Reading and writing may happen on two threads; closing from a third ends both.
public final class HttpConnection implements AutoCloseable {
    private static final int LINE_LIMIT = 64 * 1024;
    private static final int HEADER_LIMIT = 200;
    private static final int CHUNK = 32 * 1024;

    private final Endpoint endpoint;
    private final SocketChannel channel;
    private final Source source;

    private HttpConnection(Endpoint endpoint, SocketChannel channel) {
        this.endpoint = endpoint;
        this.channel = channel;
        this.source = new Source(channel);
    }

    /// A new connection to that address.
    public static HttpConnection open(Endpoint endpoint) throws IOException {
        return new HttpConnection(endpoint, endpoint.connect());
    }

    /// Sends the request and reads the head of the answer. An answer that comes before the whole body is sent (an
    /// error, mostly) is returned although sending broke off.
    public HttpResponse exchange(HttpRequest request) throws IOException {
        try {
            send(request);
        } catch (IOException broken) {
            try {
                return receive(request.method());
            } catch (IOException _) {
                // no answer either: the first failure says more
                throw broken;
            }
        }
        return receive(request.method());
    }

    private void send(HttpRequest request) throws IOException {
        StringBuilder head = new StringBuilder(256);
        head.append(request.method()).append(' ').append(endpoint.prefix()).append(request.target());
        head.append(" HTTP/1.1\r\nHost: ").append(endpoint.host()).append("\r\n");
        request.headers()
                .forEach((name, value) ->
                        head.append(name).append(": ").append(value).append("\r\n"));
        if (!request.headers().containsKey("Connection")) {
            head.append("Connection: close\r\n");
        }
        if (request.body() instanceof HttpRequest.Body.Chunks(var content)) {
            write(head.append("Transfer-Encoding: chunked\r\n\r\n"));
            sendChunks(content);
            return;
        }
        byte[] content = request.body() instanceof HttpRequest.Body.Text(var text)
                ? text.getBytes(StandardCharsets.UTF_8)
                : new byte[0];
        if (content.length > 0
                || (!request.method().equals("GET") && !request.method().equals("HEAD"))) {
            head.append("Content-Length: ").append(content.length).append("\r\n");
        }
        write(head.append("\r\n"));
        write(ByteBuffer.wrap(content));
    }

    private void sendChunks(InputStream content) throws IOException {
        byte[] chunk = new byte[CHUNK];
        for (int count = content.read(chunk); count >= 0; count = content.read(chunk)) {
            if (count > 0) {
                write(new StringBuilder(Integer.toHexString(count)).append("\r\n"));
                write(ByteBuffer.wrap(chunk, 0, count));
                write(new StringBuilder("\r\n"));
            }
        }
        write(new StringBuilder("0\r\n\r\n"));
    }

    private void write(StringBuilder text) throws IOException {
        write(ByteBuffer.wrap(text.toString().getBytes(StandardCharsets.UTF_8)));
    }

    private void write(ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    private HttpResponse receive(String method) throws IOException {
        while (true) {
            String line = source.line(LINE_LIMIT);
            int status = status(line);
            Map<String, String> headers = headers();
            // interim answers (RFC 9110 section 15.2) come before the real one; 101 is the real one
            if (status >= 200 || status == 101) {
                String reason = line.length() > 13 ? line.substring(13) : "";
                return new HttpResponse(status, reason, headers, body(method, status, headers));
            }
        }
    }

    private static int status(String line) throws HttpException {
        boolean wellFormed = (line.startsWith("HTTP/1.1 ") || line.startsWith("HTTP/1.0 "))
                && line.length() >= 12
                && line.substring(9, 12).chars().allMatch(c -> c >= '0' && c <= '9')
                && (line.length() == 12 || line.charAt(12) == ' ');
        if (!wellFormed) {
            throw new HttpException(
                    "malformed HTTP status line \"" + line.substring(0, Math.min(64, line.length())) + "\"");
        }
        return Integer.parseInt(line.substring(9, 12));
    }

    private Map<String, String> headers() throws IOException {
        Map<String, String> headers = new HashMap<>();
        for (int i = 0; i <= HEADER_LIMIT; i++) {
            String line = source.line(LINE_LIMIT);
            if (line.isEmpty()) {
                return headers;
            }
            int colon = line.indexOf(':');
            if (colon <= 0 || line.charAt(colon - 1) == ' ' || line.charAt(0) == ' ' || line.charAt(0) == '\t') {
                throw new HttpException(
                        "malformed header line \"" + line.substring(0, Math.min(64, line.length())) + "\"");
            }
            String name = line.substring(0, colon).toLowerCase(Locale.ROOT);
            headers.merge(name, line.substring(colon + 1).strip(), (one, other) -> one + ", " + other);
        }
        throw new HttpException("more than " + HEADER_LIMIT + " header lines");
    }

    private InputStream body(String method, int status, Map<String, String> headers) throws IOException {
        if (method.equals("HEAD") || status == 204 || status == 304) {
            return InputStream.nullInputStream();
        }
        if (status == 101) {
            return source;
        }
        String encoding = headers.getOrDefault("transfer-encoding", "");
        if (encoding.equalsIgnoreCase("chunked")) {
            return new ChunkedBody(source);
        }
        if (!encoding.isEmpty()) {
            throw new HttpException("unknown transfer encoding \"" + encoding + "\"");
        }
        String length = headers.get("content-length");
        return length == null ? source : new FixedBody(source, length(length));
    }

    private static long length(String text) throws HttpException {
        if (text.isEmpty() || text.length() > 18 || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw new HttpException("malformed content length \"" + text + "\"");
        }
        return Long.parseLong(text);
    }

    /// The raw stream to the other side, for a connection that was taken over.
    public OutputStream rawOutput() {
        return new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                write(new byte[] {(byte) b}, 0, 1);
            }

            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                HttpConnection.this.write(ByteBuffer.wrap(bytes, offset, length));
            }
        };
    }

    /// The raw stream from the other side, beginning with what came right behind the head of the answer.
    public InputStream rawInput() {
        return source;
    }

    /// Ends the writing side; the other side reads an end of file and may go on writing.
    public void closeWrite() throws IOException {
        channel.shutdownOutput();
    }

    /// Ends both sides. Idempotent.
    @Override
    public void close() throws IOException {
        channel.close();
    }
}
