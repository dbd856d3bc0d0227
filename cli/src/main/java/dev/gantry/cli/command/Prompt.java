package dev.gantry.cli.command;

import dev.gantry.cli.stream.Tty;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/// Questions whose answer is a line of text.
public final class Prompt {
    private static final int LIMIT = 64 * 1024;

    private Prompt() {}

    /// Asks, and reads the answer.
    public static String ask(Session session, String question) throws IOException {
        session.out().print(question);
        session.out().flush();
        return line(session);
    }

    /// The same without the answer being seen.
    public static String askSecretly(Session session, String question) throws IOException {
        Tty.hideInput();
        try {
            return ask(session, question);
        } finally {
            Tty.restore();
            session.out().println();
            session.out().flush();
        }
    }

    /// The next line of standard input, without its end.
    static String line(Session session) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int c = session.input().read();
                c >= 0 && c != '\n' && line.size() < LIMIT;
                c = session.input().read()) {
            line.write(c);
        }
        return line.toString(StandardCharsets.UTF_8);
    }
}
