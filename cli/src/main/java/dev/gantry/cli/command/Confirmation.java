package dev.gantry.cli.command;

import java.io.IOException;

/// Questions that are answered with yes or no.
public final class Confirmation {
    private Confirmation() {}

    /// Asks, and gives whether the answer begins a yes.
    public static boolean ask(Session session, String question) throws IOException {
        session.out().print(question + " [y/N] ");
        session.out().flush();
        String text = Prompt.line(session).strip();
        return text.equalsIgnoreCase("y") || text.equalsIgnoreCase("yes");
    }
}
