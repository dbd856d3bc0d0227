package dev.gantry.cli.command;

import java.io.IOException;

/// Ends a command with a message on standard error and an exit code.
public final class CommandException extends IOException {
    private static final long serialVersionUID = 1;

    private final int code;

    /// With that exit code; an empty message prints nothing.
    public CommandException(int code, String message) {
        super(message);
        this.code = code;
    }

    /// With exit code 1.
    public CommandException(String message) {
        this(1, message);
    }

    /// The exit code.
    public int code() {
        return code;
    }
}
