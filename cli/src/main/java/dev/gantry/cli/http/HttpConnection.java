package dev.gantry.cli.http;

import java.io.BufferedOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One connection for one exchange. Reading and writing may happen on two threads; closing from a third ends both.
public final class HttpConnection implements AutoCloseable {
    private static final int LINE_LIMIT = 64 * 1024;
    private static final int HEADER_LIMIT = 200;
    private static final int CHUNK = 256 * 1024;

    private static final ByteBuffer END_OF_CHUNK =
            ByteBuffer.wrap("\r\n".getBytes(StandardCharsets.US_ASCII)).asReadOnlyBuffer();

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

    /// Sends the request and reads the head of the answer. An answer that comes before the whole body is sent is
    /// returned although sending goes on, or broke off.
    public HttpResponse exchange(HttpRequest request) throws IOException {
        if (request.body() instanceof HttpRequest.Body.Chunks(var content)) {
            return upload(request, new Upload(content));
        }
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

    /// Sends on a thread of its own: the daemon may tell how far it is, and waits until somebody listens.
    private HttpResponse upload(HttpRequest request, Upload content) throws IOException {
        Thread.ofPlatform().daemon().name("upload").start(() -> {
            try {
                send(new HttpRequest(
                        request.method(), request.target(), request.headers(), new HttpRequest.Body.Chunks(content)));
            } catch (IOException e) {
                content.broken(e);
            }
        });
        try {
            return receive(request.method());
        } catch (IOException e) {
            throw content.reason(e);
        }
    }

    private final class Upload extends FilterInputStream {
        private volatile @Nullable IOException failure;

        Upload(InputStream content) {
            super(content);
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            try {
                return super.read(bytes, offset, length);
            } catch (IOException e) {
                broken(e);
                HttpConnection.this.close(); // the other side must not take what came for the whole
                throw e;
            }
        }

        void broken(IOException e) {
            if (failure == null) {
                failure = e;
            }
        }

        /// Why there is no answer: that sending broke off says more.
        IOException reason(IOException noAnswer) {
            IOException first = failure;
            return first == null ? noAnswer : first;
        }
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
        if (request.body() instanceof HttpRequest.Body.Written(var producer)) {
            write(head.append("Transfer-Encoding: chunked\r\n\r\n"));
            OutputStream chunks = new BufferedOutputStream(new ChunkedOutput(), CHUNK);
            producer.writeTo(chunks);
            chunks.flush();
            writeLastChunk(); // not if writing has failed: the other side shall not take it for the whole
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
        OutputStream chunks = new ChunkedOutput();
        for (int count = content.read(chunk); count >= 0; count = content.read(chunk)) {
            chunks.write(chunk, 0, count);
        }
        writeLastChunk();
    }

    private void writeLastChunk() throws IOException {
        write(new StringBuilder("0\r\n\r\n"));
    }

    /// Sends each write as a chunk (RFC 9112 section 7.1).
    private final class ChunkedOutput extends OutputStream {
        @Override
        public void write(int one) throws IOException {
            write(new byte[] {(byte) one}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            if (length > 0) {
                byte[] size = (Integer.toHexString(length) + "\r\n").getBytes(StandardCharsets.US_ASCII);
                ByteBuffer[] parts = {
                    ByteBuffer.wrap(size), ByteBuffer.wrap(bytes, offset, length), END_OF_CHUNK.duplicate()
                };
                while (parts[2].hasRemaining()) {
                    channel.write(parts);
                }
            }
        }
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
