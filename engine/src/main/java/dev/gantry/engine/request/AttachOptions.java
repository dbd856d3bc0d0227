package dev.gantry.engine.request;

import org.jspecify.annotations.Nullable;

/// Which streams are joined.
///
/// @param stream live output and input; without it only `logs`
/// @param logs what was recorded so far comes first
/// @param detachKeys for example `ctrl-p,ctrl-q`; null is the container's, empty is none
public record AttachOptions(
        boolean stdin,
        boolean stdout,
        boolean stderr,
        boolean stream,
        boolean logs,
        @Nullable String detachKeys) {
    /// All three streams, from now on.
    public static final AttachOptions ALL = new AttachOptions(true, true, true, true, false, null);
}
