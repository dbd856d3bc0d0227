package dev.gantry.cli.files;

import dev.gantry.cli.command.Session;
import dev.gantry.cli.format.Human;
import dev.gantry.cli.stream.Tty;

/// Tells how much has been copied: on a terminal in one line that changes, and in a sentence at the end.
final class CopyProgress {
    private static final String SAVE = "\033[s";
    private static final String RESTORE_AND_ERASE = "\033[u\033[2K";
    private static final String HIDE = "\033[?25l";
    private static final String SHOW = "\033[?25h";
    private static final long INTERVAL_NANOS = 75_000_000;
    private static final int STANDARD_ERROR = 2;

    private final Session session;
    private final boolean quiet;
    private final boolean drawn;
    private final String header;
    private long bytes;
    private long shownAt;

    private CopyProgress(Session session, String header, boolean quiet) {
        this.session = session;
        this.header = header;
        this.quiet = quiet;
        this.drawn = !quiet && Tty.isTerminal(STANDARD_ERROR);
    }

    static CopyProgress begin(Session session, String header, boolean quiet) {
        CopyProgress progress = new CopyProgress(session, header, quiet);
        if (progress.drawn) {
            session.err().print(SAVE + "Preparing to copy..." + HIDE);
            session.err().flush();
        }
        return progress;
    }

    void add(int count) {
        bytes += count;
        long now = System.nanoTime();
        if (drawn && now - shownAt >= INTERVAL_NANOS) {
            shownAt = now;
            session.err().print(RESTORE_AND_ERASE + header + Human.size(bytes));
            session.err().flush();
        }
    }

    /// Takes the line away.
    void end() {
        if (drawn) {
            session.err().print(RESTORE_AND_ERASE + SHOW);
            session.err().flush();
        }
    }

    void succeeded(String destination) {
        if (!quiet) {
            session.err().println("Successfully copied " + Human.size(bytes) + " to " + destination);
        }
    }
}
