package dev.gantry.bundle;

import java.io.IOException;

/// One command.
///
/// @param known its flags
/// @param failure the exit code when it cannot be done
record Command(Flags.Known known, Body body, int failure) {
    private static final int FAILURE = 1;

    Command(Flags.Known known, Body body) {
        this(known, body, FAILURE);
    }

    /// What it does.
    @FunctionalInterface
    interface Body {
        /// Does it, and gives the exit code.
        int run(Context context, Flags flags) throws IOException, CommandException;
    }
}
