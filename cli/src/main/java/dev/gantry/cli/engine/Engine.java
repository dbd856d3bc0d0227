package dev.gantry.cli.engine;

import dev.gantry.cli.http.Endpoint;
import dev.gantry.cli.http.HttpConnection;
import dev.gantry.cli.http.HttpRequest;
import dev.gantry.cli.http.HttpResponse;
import dev.gantry.cli.json.JsonReader;
import dev.gantry.cli.json.JsonValue;
import dev.gantry.cli.json.JsonWriter;
import java.io.IOException;
import java.io.InputStream;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A daemon, spoken to through the Docker Engine API. Every call opens a connection of its own; calls may be made
/// from several threads.
public final class Engine {
    /// The newest version of the API that this client was written for.
    public static final String NEWEST_VERSION = "1.50";

    private static final String OLDEST_VERSION = "1.24";
    private static final int ERROR_LIMIT = 1024 * 1024;

    private final Endpoint endpoint;
    private final Starter starter;
    private volatile String version;
    private volatile boolean started;

    /// Brings a daemon up where none answers.
    @FunctionalInterface
    public interface Starter {
        /// Starts a daemon and waits until it listens, or gives false where that is not its business.
        boolean start(Endpoint endpoint, IOException cause) throws IOException;
    }

    /// A daemon at that address. A version that is not empty is used as it is, without asking the daemon.
    public Engine(Endpoint endpoint, String version, Starter starter) {
        this.endpoint = endpoint;
        this.version = version;
        this.starter = starter;
    }

    /// Where the daemon listens.
    public Endpoint endpoint() {
        return endpoint;
    }

    /// The version of the API that both sides know; asks the daemon on first use.
    public String version() throws IOException {
        String known = version;
        if (!known.isEmpty()) {
            return known;
        }
        String offered;
        try (HttpConnection connection = connect()) {
            offered = connection.exchange(HttpRequest.of("HEAD", "/_ping")).header("api-version");
        }
        String agreed = offered.isEmpty() ? OLDEST_VERSION : older(offered, NEWEST_VERSION);
        version = agreed;
        return agreed;
    }

    /// Whether the daemon speaks at least that version.
    public boolean speaks(String wanted) throws IOException {
        return older(version(), wanted).equals(wanted);
    }

    private static String older(String one, String other) {
        return number(one) <= number(other) ? one : other;
    }

    private static long number(String version) {
        int dot = version.indexOf('.');
        try {
            return Long.parseLong(version.substring(0, Math.max(dot, 0))) * 1000
                    + Long.parseLong(version.substring(dot + 1));
        } catch (NumberFormatException _) {
            // a daemon that offers no number is spoken to in the newest version, and will say so itself
            return Long.MAX_VALUE;
        }
    }

    /// The JSON answer to a GET.
    public JsonValue get(String path, Query query) throws IOException {
        return json(HttpRequest.of("GET", target(path, query)));
    }

    /// The JSON answer to a GET with these headers.
    public JsonValue get(String path, Query query, Map<String, String> headers) throws IOException {
        return json(new HttpRequest("GET", target(path, query), headers, new HttpRequest.Body.None()));
    }

    /// The JSON answer to a POST with a JSON body, or without one.
    public JsonValue post(String path, Query query, @Nullable JsonValue body) throws IOException {
        return json(withBody(HttpRequest.of("POST", target(path, query)), body));
    }

    /// The JSON answer to a DELETE.
    public JsonValue delete(String path, Query query) throws IOException {
        return json(HttpRequest.of("DELETE", target(path, query)));
    }

    /// A POST whose body is a stream and whose answer is read by the caller.
    public Exchange upload(String path, Query query, InputStream content, String type) throws IOException {
        return exchange(HttpRequest.of("POST", target(path, query)).with(new HttpRequest.Body.Chunks(content), type));
    }

    /// The head of the answer to a HEAD.
    public HttpResponse head(String path, Query query) throws IOException {
        try (Exchange exchange = exchange(HttpRequest.of("HEAD", target(path, query)))) {
            return exchange.response();
        }
    }

    /// A PUT of a body that somebody writes.
    public void put(String path, Query query, HttpRequest.Body.Producer content, String type) throws IOException {
        HttpRequest request = HttpRequest.of("PUT", target(path, query));
        exchange(request.with(new HttpRequest.Body.Written(content), type)).close();
    }

    /// A GET whose answer is read by the caller, as it comes.
    public Exchange stream(String path, Query query) throws IOException {
        return exchange(HttpRequest.of("GET", target(path, query)));
    }

    /// A POST whose answer is read by the caller. It returns when the head of the answer is there.
    public Exchange streamPost(String path, Query query, @Nullable JsonValue body) throws IOException {
        return exchange(withBody(HttpRequest.of("POST", target(path, query)), body));
    }

    /// A POST with these headers and no body, whose answer is read by the caller.
    public Exchange streamPostWithHeaders(String path, Query query, Map<String, String> headers) throws IOException {
        return exchange(new HttpRequest("POST", target(path, query), headers, new HttpRequest.Body.None()));
    }

    /// A POST that takes the connection over (attach, exec start).
    public Exchange hijack(String path, Query query, @Nullable JsonValue body) throws IOException {
        HttpRequest request = withBody(HttpRequest.of("POST", target(path, query)), body)
                .with("Connection", "Upgrade")
                .with("Upgrade", "tcp");
        return exchange(request);
    }

    private static HttpRequest withBody(HttpRequest request, @Nullable JsonValue body) {
        if (body == null) {
            return request;
        }
        return request.with(new HttpRequest.Body.Text(JsonWriter.compact(body)), "application/json");
    }

    private String target(String path, Query query) throws IOException {
        return "/v" + version() + path + query;
    }

    private JsonValue json(HttpRequest request) throws IOException {
        try (Exchange exchange = exchange(request)) {
            HttpResponse response = exchange.response();
            return response.mediaType().equals("application/json") && response.status() != 204
                    ? JsonReader.read(response.body())
                    : JsonValue.Null.NULL;
        }
    }

    private Exchange exchange(HttpRequest request) throws IOException {
        HttpConnection connection = connect();
        try {
            HttpResponse response = connection.exchange(request.with("User-Agent", "Gantry-Client"));
            int status = response.status();
            if (status >= 400 || (status >= 300 && status != 304)) {
                throw new ApiException(status, detail(response));
            }
            return new Exchange(connection, response);
        } catch (IOException | RuntimeException | Error e) {
            connection.close();
            throw e;
        }
    }

    private static String detail(HttpResponse response) throws IOException {
        byte[] body = response.body().readNBytes(ERROR_LIMIT);
        String text = new String(body, StandardCharsets.UTF_8).strip();
        if (response.mediaType().equals("application/json")) {
            try {
                return JsonReader.read(text).text("message").strip();
            } catch (IOException _) {
                // not JSON after all: shown as it is
                return text;
            }
        }
        return text.isEmpty() ? response.status() + " " + response.reason() : text;
    }

    private HttpConnection connect() throws IOException {
        try {
            return HttpConnection.open(endpoint);
        } catch (UnknownHostException e) {
            throw new UnreachableException(endpoint, e);
        } catch (IOException e) {
            if (!started && starter.start(endpoint, e)) {
                started = true;
                return HttpConnection.open(endpoint);
            }
            throw new UnreachableException(endpoint, e);
        }
    }
}
