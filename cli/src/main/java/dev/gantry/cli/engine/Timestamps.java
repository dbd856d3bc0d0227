package dev.gantry.cli.engine;

import dev.gantry.cli.option.GoDuration;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;

/// Points in time as users write them: seconds since 1970, RFC 3339 with parts left out, or a time span before now.
public final class Timestamps {
    private Timestamps() {}

    /// The time in the form `SECONDS.NANOSECONDS` that the API takes; empty stays empty, and what is none of the
    /// known forms is left to the daemon.
    public static String parse(String text) {
        if (text.isEmpty()) {
            return "";
        }
        try {
            return text(Instant.now().minus(GoDuration.parse(text)));
        } catch (IllegalArgumentException _) {
            // no time span: a point in time
        }
        try {
            return text(instant(text));
        } catch (DateTimeException _) {
            // a number of seconds, or nothing that is known here
            return text;
        }
    }

    private static Instant instant(String text) {
        int time = text.indexOf('T');
        if (time < 0) {
            boolean utc = text.endsWith("Z");
            LocalDate date = LocalDate.parse(utc ? text.substring(0, text.length() - 1) : text);
            return date.atStartOfDay(utc ? ZoneOffset.UTC : ZoneId.systemDefault())
                    .toInstant();
        }
        String clock = text.substring(time);
        boolean zoned = clock.endsWith("Z") || clock.contains("+") || clock.indexOf('-') > 0;
        // the hour may stand alone
        String full = !zoned && clock.length() == 3 ? text + ":00" : text;
        return zoned
                ? OffsetDateTime.parse(full).toInstant()
                : LocalDateTime.parse(full).atZone(ZoneId.systemDefault()).toInstant();
    }

    private static String text(Instant instant) {
        String nanoseconds = Integer.toString(instant.getNano());
        return instant.getEpochSecond() + "." + "0".repeat(9 - nanoseconds.length()) + nanoseconds;
    }
}
