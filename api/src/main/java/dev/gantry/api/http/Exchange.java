package dev.gantry.api.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Blocker;
import org.jspecify.annotations.Nullable;

/// One request and its answer. Used by the thread that handles it only, except where a method says otherwise.
public final class Exchange {
    private static final int LARGEST_REST = 256 << 10;
    private static final Duration LONGEST_REST = Duration.ofSeconds(30);

    /// What most answers are.
    public static final String JSON = "application/json";

    private final Request request;
    private final Response response;
    private final Router.Match match;
    private final Query query;
    private @Nullable Hijack hijack;
    private @Nullable ClientWatch watch;
    private boolean answered;

    Exchange(Request request, Response response, Router.Match match) {
        this.request = request;
        this.response = response;
        this.match = match;
        this.query = Query.parse(request.getHttpURI().getQuery());
    }

    /// The request's method.
    public String method() {
        return request.getMethod();
    }

    /// The API version that the client speaks.
    public ApiVersion version() {
        return match.version();
    }

    /// A variable of the route's path.
    public String variable(String name) {
        String value = match.variables().get(name);
        if (value == null) {
            throw new IllegalArgumentException("route " + match.route().path() + " has no variable " + name);
        }
        return value;
    }

    /// Every variable of the route's path, by name.
    public Map<String, String> variables() {
        return match.variables();
    }

    /// The query's parameters.
    public Query query() {
        return query;
    }

    /// A request header's value, or null.
    public @Nullable String header(String name) {
        return request.getHeaders().get(name);
    }

    /// The length that the request announces, or -1 when it is chunked; 0 without a body.
    public long contentLength() {
        if (request.getHeaders().contains(HttpHeader.TRANSFER_ENCODING)) {
            return -1;
        }
        return Math.max(0, request.getLength());
    }

    /// The request's body as a stream; reading blocks, nothing is collected.
    public InputStream body() {
        return Content.Source.asInputStream(request);
    }

    /// Reads what is left of the request's body. A client that still sends it would find the connection closed,
    /// and tell its user of that instead of the answer. Whoever waits for leave to send (`Expect`) sends nothing.
    ///
    /// If the body is known to be large, the connection is closed, as Go's servers do.
    void discardRest() {
        if (contentLength() == 0 || contentLength() > LARGEST_REST || header("Expect") != null) {
            return;
        }
        long begin = System.nanoTime();
        byte[] rest = new byte[8 << 10]; // mostly there is none
        try (InputStream body = body()) {
            int count = body.read(rest);
            while (count >= 0 && System.nanoTime() - begin < LONGEST_REST.toNanos()) {
                count = body.read(rest);
            }
        } catch (IOException _) {
            // the client has gone
        }
    }

    /// The request's JSON body; see [JsonBody].
    public <T> T json(Class<T> type) throws IOException {
        return JsonBody.read(this, type);
    }

    /// The request's JSON body, or null when it is empty.
    public <T> @Nullable T jsonOrNull(Class<T> type) throws IOException {
        return JsonBody.readOrNull(this, type);
    }

    /// Sets a header of the answer.
    public void setHeader(String name, String value) {
        response.getHeaders().put(name, value);
    }

    /// Answers with a status and no body.
    public void respond(int status) throws IOException {
        answered = true;
        response.setStatus(status);
        write(ByteBuffer.allocate(0));
    }

    /// Answers with JSON, followed by a newline as Go's encoder does.
    public void respondJson(int status, Object value) throws IOException {
        respond(status, JSON, JsonBody.encode(value));
    }

    /// Answers with bytes.
    public void respond(int status, String contentType, byte[] body) throws IOException {
        answered = true;
        response.setStatus(status);
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, contentType);
        response.getHeaders().put(HttpHeader.CONTENT_LENGTH, body.length);
        write(ByteBuffer.wrap(body));
    }

    private void write(ByteBuffer last) throws IOException {
        try (Blocker.Callback written = Blocker.callback()) {
            response.write(true, last, written);
            written.block();
        }
    }

    /// Starts a streamed answer: the headers go out at once, every write goes out before it returns.
    ///
    /// The connection is not used again afterwards, because [#onDisconnect(Runnable)] may have read from it.
    public OutputStream stream(int status, String contentType) throws IOException {
        answered = true;
        response.setStatus(status);
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, contentType);
        if (request.getConnectionMetaData().getHttpVersion() == HttpVersion.HTTP_1_1) {
            // else "Connection: close" would do without: clients look for chunks to tell a stream, and its whole end
            response.getHeaders().put(HttpHeader.TRANSFER_ENCODING, "chunked");
        }
        OutputStream stream = Content.Sink.asOutputStream(response);
        stream.flush();
        return stream;
    }

    /// Runs an action once when the client goes away before the answer is complete: for answers that wait without
    /// writing. Call it before the answer starts and after the request's body has been read.
    /// The action runs on another thread and must not block for long.
    public void onDisconnect(Runnable action) {
        if (watch != null) {
            throw new IllegalStateException("already watching the client");
        }
        response.getHeaders().put(HttpHeader.CONNECTION, "close");
        watch = ClientWatch.start(request, action);
    }

    /// Takes the connection over once the handler has returned. Nothing may have been answered.
    ///
    /// The head says `101 UPGRADED` when the client asked for an upgrade, else `200 OK`; then `session` owns
    /// the bytes in both directions.
    public void hijack(String upgradedContentType, HijackSession session) {
        if (answered || hijack != null) {
            throw new IllegalStateException("the request is answered already");
        }
        boolean upgrade = request.getHeaders().contains(HttpHeader.UPGRADE);
        String client = header("User-Agent");
        hijack = new Hijack(
                upgrade ? upgradeHead(upgradedContentType) : RAW_HEAD,
                client != null && client.startsWith(DOCKER_PY),
                session);
    }

    /// Docker's Python library loses what comes in one piece with the head: it reads on behind its own buffer's back.
    /// dockerd has never been quick enough for anybody to notice.
    private static final String DOCKER_PY = "docker-sdk-python/";

    private static final String RAW_HEAD = "HTTP/1.1 200 OK\r\nContent-Type: application/vnd.docker.raw-stream\r\n";

    private static String upgradeHead(String contentType) {
        return "HTTP/1.1 101 UPGRADED\r\nContent-Type: " + contentType + "\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n";
    }

    Route route() {
        return match.route();
    }

    /// Whether an answer has begun, so that an error can no longer change the status.
    boolean answered() {
        return answered;
    }

    @Nullable
    Hijack hijack() {
        return hijack;
    }

    /// The request line without its query, for the log.
    String describe() {
        return request.getMethod() + " " + request.getHttpURI().getPath();
    }

    /// Bytes of a text in the encoding of everything here.
    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
