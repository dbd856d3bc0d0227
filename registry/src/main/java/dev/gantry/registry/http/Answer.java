package dev.gantry.registry.http;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpHeaders;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// What came back for a [Call]. Closing it gives the connection back, or ends it where more than a little is unread.
///
/// @param uri where the answer came from, which after redirects is not where the call went
public record Answer(int status, URI uri, HttpHeaders headers, InputStream body) implements AutoCloseable {
    /// An unread rest up to this size is read, because a connection that is kept costs less than a new one.
    private static final int WORTH_READING = 64 << 10;

    public boolean isSuccess() {
        return status >= 200 && status < 300;
    }

    /// A redirect that has somewhere to go.
    public boolean isRedirect() {
        return switch (status) {
            case 301, 302, 303, 307, 308 -> header("Location") != null;
            default -> false;
        };
    }

    public @Nullable String header(String name) {
        return headers.firstValue(name).orElse(null);
    }

    public List<String> headerValues(String name) {
        return headers.allValues(name);
    }

    /// The `Content-Length`, if there is one that is a number.
    public OptionalLong length() {
        try {
            return headers.firstValueAsLong("Content-Length");
        } catch (NumberFormatException _) {
            return OptionalLong.empty();
        }
    }

    /// As much of the body as the limit allows, for messages.
    public byte[] start(int limit) {
        try {
            return body.readNBytes(limit);
        } catch (IOException _) {
            // the status says enough
            return new byte[0];
        }
    }

    @Override
    public void close() {
        try (body) {
            if (length().orElse(Long.MAX_VALUE) <= WORTH_READING) {
                body.skip(WORTH_READING);
            }
        } catch (IOException _) {
            // nobody wants the rest
        }
    }
}
