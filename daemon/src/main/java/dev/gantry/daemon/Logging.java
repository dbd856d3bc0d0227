package dev.gantry.daemon;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.logging.ConsoleHandler;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/// Log lines on standard error, one format for the daemon and its web server:
/// `2026-01-31T12:00:00.123Z info  API listen on /run/gantry/gantry.sock`.
final class Logging {
    /// Held, because the logging framework forgets loggers that nobody holds.
    private static final Logger ROOT = Logger.getLogger("");

    private static final Logger WEB_SERVER = Logger.getLogger("org.eclipse.jetty");

    /// Warns of each attach of a docker client up to 24.0, which sends the socket's path as Host.
    private static final Logger AUTHORITIES = Logger.getLogger("org.eclipse.jetty.util.HostPort");

    private Logging() {}

    static void start(boolean debug, @Nullable String level) {
        for (Handler handler : ROOT.getHandlers()) {
            ROOT.removeHandler(handler);
        }
        Handler handler = new ConsoleHandler();
        handler.setFormatter(new Line());
        handler.setLevel(Level.ALL);
        ROOT.addHandler(handler);
        level(debug, level);
    }

    /// Changes what is logged. The web server's own steps are nobody's business, also when debugging.
    static void level(boolean debug, @Nullable String level) {
        ROOT.setLevel(debug ? Level.FINE : parse(level));
        WEB_SERVER.setLevel(Level.WARNING);
        AUTHORITIES.setLevel(Level.SEVERE);
    }

    private static Level parse(@Nullable String level) {
        return switch (level == null ? "info" : level.toLowerCase(Locale.ROOT)) {
            case "debug", "trace" -> Level.FINE;
            case "warn", "warning" -> Level.WARNING;
            case "error", "fatal", "panic" -> Level.SEVERE;
            default -> Level.INFO;
        };
    }

    private static final class Line extends Formatter {
        @Override
        public String format(LogRecord log) {
            String line = Instant.ofEpochMilli(log.getMillis()).truncatedTo(ChronoUnit.MILLIS) + " "
                    + word(log.getLevel()) + " " + formatMessage(log) + "\n";
            return log.getThrown() == null ? line : line + trace(log.getThrown());
        }

        private static String word(Level level) {
            int value = level.intValue();
            if (value >= Level.SEVERE.intValue()) {
                return "error";
            }
            if (value >= Level.WARNING.intValue()) {
                return "warn ";
            }
            return value >= Level.INFO.intValue() ? "info " : "debug";
        }

        private static String trace(Throwable thrown) {
            StringWriter text = new StringWriter();
            thrown.printStackTrace(new PrintWriter(text, true));
            return text.toString();
        }
    }
}
