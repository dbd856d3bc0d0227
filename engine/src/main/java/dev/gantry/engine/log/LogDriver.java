package dev.gantry.engine.log;

/// What keeps a container's output.
public enum LogDriver {
    /// Docker's default: lines of JSON, which other programs read, too.
    JSON_FILE,
    /// Docker's compact binary files.
    LOCAL,
    /// Nothing.
    NONE
}
