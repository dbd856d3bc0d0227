package dev.gantry.bundle;

/// A command that cannot be done, in one sentence for the caller.
final class CommandException extends Exception {
    private static final long serialVersionUID = 1L;

    CommandException(String message) {
        super(message);
    }
}
