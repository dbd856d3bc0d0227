package dev.gantry.engine.request;

/// What a wait waits for.
public enum WaitCondition {
    /// At once if the container does not run.
    NOT_RUNNING,
    /// The next end of its process, also if it is not started yet.
    NEXT_EXIT,
    /// Its removal; the exit code is the last one.
    REMOVED
}
