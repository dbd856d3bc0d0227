package dev.gantry.daemon;

/// What the daemon was told makes no sense: the text for the user, who told it.
final class UsageException extends Exception {
    private static final long serialVersionUID = 1L;

    UsageException(String message) {
        super(message);
    }
}
