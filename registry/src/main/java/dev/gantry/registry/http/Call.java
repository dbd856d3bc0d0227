package dev.gantry.registry.http;

import java.net.URI;
import java.net.http.HttpRequest;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One HTTP request as a value: it can be sent again, elsewhere, or with other headers.
///
/// @param payload what is sent with it; null for nothing
public record Call(
        String method,
        URI uri,
        Map<String, String> headers,
        @Nullable Payload payload) {
    /// The body of a request, made anew for each time that it is sent.
    public interface Payload {
        /// A new publisher of the same bytes.
        ///
        /// @param progress to be told whenever bytes leave, so that slow is not taken for stalled
        HttpRequest.BodyPublisher publisher(Runnable progress);
    }

    public Call {
        headers = Map.copyOf(headers);
    }

    public static Call of(String method, URI uri) {
        return new Call(method, uri, Map.of(), null);
    }

    public Call with(String header, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(header, value);
        return new Call(method, uri, more, payload);
    }

    public Call without(String header) {
        Map<String, String> fewer = new LinkedHashMap<>(headers);
        fewer.remove(header);
        return new Call(method, uri, fewer, payload);
    }

    public Call at(URI other) {
        return new Call(method, other, headers, payload);
    }

    public Call sending(Payload content) {
        return new Call(method, uri, headers, content);
    }

    HttpRequest request(Runnable progress) {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri);
        headers.forEach(request::header);
        return request.method(
                        method, payload == null ? HttpRequest.BodyPublishers.noBody() : payload.publisher(progress))
                .build();
    }
}
