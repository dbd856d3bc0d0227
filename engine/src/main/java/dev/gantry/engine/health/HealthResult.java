package dev.gantry.engine.health;

import java.time.Instant;

/// What came of one check.
///
/// @param exitCode 0 is healthy; [#NONE] without an end
/// @param output its beginning, both streams
public record HealthResult(Instant start, Instant end, int exitCode, String output) {
    public HealthResult {
        // a file that is JSON need not have results
        if (start == null || end == null || output == null) {
            throw new IllegalArgumentException("want start, end and output");
        }
    }

    /// The code of a check that could not be started, or did not end in time.
    public static final int NONE = -1;
}
