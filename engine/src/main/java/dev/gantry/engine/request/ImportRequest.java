package dev.gantry.engine.request;

import java.io.InputStream;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A tar archive to become an image.
///
/// @param archive read to its end, not closed
/// @param reference null leaves the image without one
/// @param changes Dockerfile instructions
/// @param platform null is the host's
public record ImportRequest(
        InputStream archive,
        @Nullable String reference,
        List<String> changes,
        @Nullable String message,
        @Nullable String platform) {
    public ImportRequest {
        changes = List.copyOf(changes);
    }
}
