package dev.gantry.cli.option;

/// The command line is wrong; the message says how, in pflag's words.
public final class UsageException extends Exception {
    private static final long serialVersionUID = 1;

    /// With that message.
    public UsageException(String message) {
        super(message);
    }
}
