package dev.gantry.engine.request;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// Which part of the log is read, and how.
///
/// @param tail the last so many lines; -1 is all
/// @param follow goes on until the container ends
/// @param timestamps before each line
/// @param details labels and environment that the log options chose, before each line
public record LogOptions(
        boolean stdout,
        boolean stderr,
        @Nullable Instant since,
        @Nullable Instant until,
        int tail,
        boolean follow,
        boolean timestamps,
        boolean details) {}
