package dev.gantry.engine.log;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// How far the journals of a run have been taken over into the log. The last record of each write carries one: what
/// follows it is torn.
///
/// @param run in hexadecimal digits
record JournalMark(String run, long stdout, long stderr) {
    /// No mark is longer.
    static final int LONGEST = 64;

    private static final Pattern FORM = Pattern.compile("([0-9a-f]{1,16})-(\\d{1,19})-(\\d{1,19})");

    /// Reads the text form; null where it is none.
    static @Nullable JournalMark parse(String text) {
        Matcher matcher = FORM.matcher(text);
        try {
            return matcher.matches()
                    ? new JournalMark(
                            matcher.group(1), Long.parseLong(matcher.group(2)), Long.parseLong(matcher.group(3)))
                    : null;
        } catch (NumberFormatException _) {
            // more than a long holds
            return null;
        }
    }

    String text() {
        return run + "-" + stdout + "-" + stderr;
    }
}
