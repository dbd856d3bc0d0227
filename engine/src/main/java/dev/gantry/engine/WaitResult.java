package dev.gantry.engine;

import org.jspecify.annotations.Nullable;

/// How the container's process ended.
///
/// @param code its exit code, or 128 and the signal's number
/// @param error what kept the process from being started or removed
public record WaitResult(int code, @Nullable String error) {}
