package dev.gantry.engine.request;

import dev.gantry.engine.config.ContainerConfig;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A container that is to become an image.
///
/// @param reference null leaves the image without one
/// @param changes Dockerfile instructions
/// @param pause whether its processes are frozen meanwhile
/// @param config null is the container's
public record CommitRequest(
        String container,
        @Nullable String reference,
        @Nullable String author,
        @Nullable String comment,
        List<String> changes,
        boolean pause,
        @Nullable ContainerConfig config) {
    public CommitRequest {
        changes = List.copyOf(changes);
    }
}
