package dev.gantry.cli.engine;

import dev.gantry.cli.option.GoDuration;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.ResolverStyle;
import java.time.temporal.ChronoField;
import java.time.temporal.TemporalAccessor;
import java.util.Locale;

/// Points in time as users write them: seconds since 1970, RFC 3339 with parts left out, or a time span before now.
public final class Timestamps {
    private static final DateTimeFormatter RFC_3339 = new DateTimeFormatterBuilder()
            .appendPattern("uuuu-MM-dd")
            .optionalStart()
            .appendPattern("'T'HH")
            .optionalStart()
            .appendPattern(":mm")
            .optionalStart()
            .appendPattern(":ss")
            .appendFraction(ChronoField.NANO_OF_SECOND, 0, 9, true)
            .optionalEnd()
            .optionalEnd()
            .optionalEnd()
            .optionalStart()
            .appendOffset("+HH:MM", "Z")
            .optionalEnd()
            .parseDefaulting(ChronoField.HOUR_OF_DAY, 0)
            .parseDefaulting(ChronoField.MINUTE_OF_HOUR, 0)
            .parseDefaulting(ChronoField.SECOND_OF_MINUTE, 0)
            .parseDefaulting(ChronoField.NANO_OF_SECOND, 0)
            .toFormatter(Locale.ROOT)
            .withResolverStyle(ResolverStyle.STRICT);

    private Timestamps() {}

    /// The time in the form `SECONDS.NANOSECONDS` that the API takes; empty stays empty, and what is none of the
    /// known forms is left to the daemon.
    public static String parse(String text) {
        if (text.isEmpty()) {
            return "";
        }
        if (!text.equals("0")) {
            try {
                return text(Instant.now().minus(GoDuration.parse(text)));
            } catch (IllegalArgumentException _) {
                // no time span: a point in time
            }
        }
        try {
            return text(instant(text));
        } catch (DateTimeException _) {
            // a number of seconds, or nothing that is known here
            return text;
        }
    }

    private static Instant instant(String text) {
        return switch (RFC_3339.parseBest(text, OffsetDateTime::from, LocalDateTime::from)) {
            case OffsetDateTime zoned -> zoned.toInstant();
            case TemporalAccessor local ->
                LocalDateTime.from(local).atZone(ZoneId.systemDefault()).toInstant();
        };
    }

    private static String text(Instant instant) {
        String nanoseconds = Integer.toString(instant.getNano());
        return instant.getEpochSecond() + "." + "0".repeat(9 - nanoseconds.length()) + nanoseconds;
    }
}
