package dev.gantry.engine.volume;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What is recorded of a volume.
///
/// @param labels null where none were asked for, which inspect shows
/// @param options of the local driver; null as above
record VolumeRecord(
        String name,
        Instant created,
        @Nullable Map<String, String> labels,
        @Nullable Map<String, String> options) {
    /// The label by which Docker's clients and later daemons know volumes that nobody gave a name.
    static final String ANONYMOUS = "com.docker.volume.anonymous";

    VolumeRecord {
        labels = labels == null ? null : Map.copyOf(labels);
        options = options == null ? null : Map.copyOf(options);
    }

    Map<String, String> knownLabels() {
        return labels == null ? Map.of() : labels;
    }

    boolean isAnonymous() {
        return knownLabels().containsKey(ANONYMOUS);
    }
}
