package dev.gantry.registry.protocol;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.gantry.oci.Absent;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The body of an index's answer to a search.
public record SearchAnswer(List<Result> results) {
    public SearchAnswer {
        results = Absent.toEmpty(results);
    }

    /// One image.
    public record Result(
            @Nullable String name,
            @Nullable String description,
            @JsonProperty("star_count") int stars,
            @JsonProperty("is_official") boolean official,
            @JsonProperty("is_automated") boolean automated) {}
}
