package dev.gantry.e2e.registries;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What a request without a body says.
///
/// @param target with the query
/// @param headers by names of any case
record HttpHead(String method, String target, Map<String, String> headers) {
    /// The next one; null at the end, or if it is none: a client may try TLS first.
    ///
    /// @param input that can be marked
    static @Nullable HttpHead read(InputStream input) throws IOException {
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
            headers.merge(
                    header.substring(0, colon), header.substring(colon + 1).strip(), (one, next) -> one + ", " + next);
        }
        return new HttpHead(line[0], line[1], headers);
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

    /// The same for the server itself, without what is for a proxy; its connection carries no other.
    byte[] passedOn() {
        StringBuilder head =
                new StringBuilder("%s %s HTTP/1.1\r\n".formatted(method, target.replaceFirst("^http://[^/]+", "")));
        headers.forEach((name, value) -> {
            if (!name.regionMatches(true, 0, "Proxy-", 0, 6) && !name.equalsIgnoreCase("Connection")) {
                head.append(name).append(": ").append(value).append("\r\n");
            }
        });
        return head.append("Connection: close\r\n\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    /// `GET /v2/`
    @Override
    public String toString() {
        return method + " " + target;
    }
}
