package dev.gantry.cli.command;

import java.io.IOException;

/// Questions that are answered with yes or no.
public final class Confirmation {
    private static final int LIMIT = 1024;

    private Confirmation() {}

    /// Asks, and gives whether the answer begins a yes.
    public static boolean ask(Session session, String question) throws IOException {
        session.out().print(question + " [y/N] ");
        session.out().flush();
        StringBuilder answer = new StringBuilder();
        for (int c = session.input().read();
                c >= 0 && c != '\n' && answer.length() < LIMIT;
                c = session.input().read()) {
            answer.append((char) c);
        }
        String text = answer.toString().strip();
        return text.equalsIgnoreCase("y") || text.equalsIgnoreCase("yes");
    }
}
