package dev.gantry.oci.image;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.gantry.oci.Absent;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// How to tell whether a container is healthy (Docker's extension of the image configuration).
///
/// @param test empty inherits, `["NONE"]` switches off, `["CMD", args…]` executes, `["CMD-SHELL", line]` runs a shell
/// @param interval nanoseconds, 0 or absent inherits; so the other durations
public record Healthcheck(
        @JsonProperty("Test") @JsonInclude(JsonInclude.Include.NON_EMPTY)
        List<String> test,

        @JsonProperty("Interval") @Nullable Long interval,
        @JsonProperty("Timeout") @Nullable Long timeout,
        @JsonProperty("StartPeriod") @Nullable Long startPeriod,
        @JsonProperty("StartInterval") @Nullable Long startInterval,
        @JsonProperty("Retries") @Nullable Integer retries) {
    public Healthcheck {
        test = Absent.toEmpty(test);
    }

    /// Switches a health check of the base image off.
    public static Healthcheck none() {
        return new Healthcheck(List.of("NONE"), null, null, null, null, null);
    }
}
