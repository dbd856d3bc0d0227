package dev.gantry.cli.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.LinkedHashMap;
import java.util.Map;

/// One request. The target is a path with its query, already encoded.
public record HttpRequest(String method, String target, Map<String, String> headers, Body body) {
    public HttpRequest {
        headers = Map.copyOf(headers);
        if (hasBreak(method) || hasBreak(target)) {
            throw new IllegalArgumentException("line break or blank in a request line: " + method + " " + target);
        }
        headers.forEach((name, value) -> {
            if (hasBreak(name) || value.indexOf('\r') >= 0 || value.indexOf('\n') >= 0) {
                throw new IllegalArgumentException("line break in header " + name);
            }
        });
    }

    /// What follows the header.
    public sealed interface Body {
        /// Nothing.
        record None() implements Body {}

        /// A text, sent in UTF-8.
        record Text(String content) implements Body {}

        /// As many bytes as the stream has, sent in chunks.
        record Chunks(InputStream content) implements Body {}

        /// What somebody writes, sent in chunks.
        record Written(Producer producer) implements Body {}

        /// Writes a body.
        interface Producer {
            void writeTo(OutputStream out) throws IOException;
        }
    }

    private static boolean hasBreak(String text) {
        return text.chars().anyMatch(c -> c <= ' ' || c == 0x7f);
    }

    /// A request without a body.
    public static HttpRequest of(String method, String target) {
        return new HttpRequest(method, target, Map.of(), new Body.None());
    }

    /// The same request with one more header.
    public HttpRequest with(String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(name, value);
        return new HttpRequest(method, target, more, body);
    }

    /// The same request with a body of that type.
    public HttpRequest with(Body content, String type) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put("Content-Type", type);
        return new HttpRequest(method, target, more, content);
    }
}
