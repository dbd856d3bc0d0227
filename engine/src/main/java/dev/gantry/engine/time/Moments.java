package dev.gantry.engine.time;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Points in time as users write them in filters.
public final class Moments {
    private static final Pattern SECONDS = Pattern.compile("(\\d{1,11})(?:\\.(\\d{1,9}))?");
    private static final Pattern PART = Pattern.compile("(\\d{1,18}(?:\\.\\d{0,9})?|\\.\\d{1,9})(ns|us|µs|ms|s|m|h)");
    private static final Pattern SPAN = Pattern.compile("[-+]?(?:" + PART.pattern() + ")++");
    private static final Pattern DATE = Pattern.compile("\\d{4}-\\d{2}-\\d{2}Z?");

    private Moments() {}

    /// Reads seconds since 1970 (`1735689600.5`), a span before `now` (`10m`, `1h30m`; `-10m` is one after it), a date,
    /// or a date and time, in UTC where no zone is given.
    ///
    /// @throws IllegalArgumentException with Docker's text
    public static Instant parse(String text, Instant now) {
        Matcher seconds = SECONDS.matcher(text);
        try {
            if (seconds.matches()) {
                String fraction = seconds.group(2) == null ? "0" : seconds.group(2);
                long nanos = Long.parseLong((fraction + "00000000").substring(0, 9));
                return Instant.ofEpochSecond(Long.parseLong(seconds.group(1)), nanos);
            }
            return SPAN.matcher(text).matches() ? now.minus(span(text)) : dateTime(text);
        } catch (DateTimeException | ArithmeticException e) {
            throw new IllegalArgumentException("failed to parse value as time or duration: \"" + text + "\"", e);
        }
    }

    private static Duration span(String text) {
        double nanoseconds = PART.matcher(text)
                .results()
                .mapToDouble(part -> Double.parseDouble(part.group(1)) * nanoseconds(part.group(2)))
                .sum();
        return Duration.ofNanos((long) (text.startsWith("-") ? -nanoseconds : nanoseconds));
    }

    private static double nanoseconds(String unit) {
        return switch (unit) {
            case "ns" -> 1;
            case "us", "µs" -> 1e3;
            case "ms" -> 1e6;
            case "s" -> 1e9;
            case "m" -> 60e9;
            case "h" -> 3600e9;
            default -> throw new IllegalArgumentException("time: unknown unit \"" + unit + "\"");
        };
    }

    private static Instant dateTime(String text) {
        if (DATE.matcher(text).matches()) {
            return LocalDate.parse(text.replace("Z", ""))
                    .atStartOfDay(ZoneOffset.UTC)
                    .toInstant();
        }
        int time = text.indexOf('T');
        boolean zoned = text.endsWith("Z") || (time > 0 && text.substring(time).matches(".*[+-]\\d{2}:\\d{2}"));
        return zoned
                ? OffsetDateTime.parse(text).toInstant()
                : LocalDateTime.parse(text).toInstant(ZoneOffset.UTC);
    }
}
