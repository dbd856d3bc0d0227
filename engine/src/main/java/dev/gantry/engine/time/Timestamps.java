package dev.gantry.engine.time;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoField;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// RFC 3339 as Go writes it, and durations as Docker's lists show them.
public final class Timestamps {
    /// Go's zero time: "never" in Docker's API.
    public static final Instant NEVER = Instant.parse("0001-01-01T00:00:00Z");

    private static final DateTimeFormatter SECONDS =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);

    /// `2026-01-01T00:00:00Z`; with a point and nine digits it is longest.
    private static final int SHORTEST = 20;

    private static final int LONGEST = 30;

    private Timestamps() {}

    /// Go's `RFC3339Nano`: as many digits of the fraction as are needed.
    public static String nano(Instant time) {
        StringBuilder text = new StringBuilder(30);
        SECONDS.formatTo(time, text);
        int nanos = time.get(ChronoField.NANO_OF_SECOND);
        if (nanos != 0) {
            appendFraction(text, nanos);
            int end = text.length();
            while (text.charAt(end - 1) == '0') {
                end--;
            }
            text.setLength(end);
        }
        return text.append('Z').toString();
    }

    /// Docker's fixed form for log lines: always nine digits of the fraction.
    public static String fixed(Instant time) {
        StringBuilder text = new StringBuilder(30);
        SECONDS.formatTo(time, text);
        appendFraction(text, time.get(ChronoField.NANO_OF_SECOND));
        return text.append('Z').toString();
    }

    /// Reads what [#nano] and [#fixed] write, much faster than [Instant#parse]; null where it is something else.
    public static @Nullable Instant read(byte[] ascii, int from, int to) {
        if (to - from < SHORTEST || to - from > LONGEST || ascii[to - 1] != 'Z') {
            return null;
        }
        int year = digits(ascii, from, 4, '-');
        int month = digits(ascii, from + 5, 2, '-');
        int day = digits(ascii, from + 8, 2, 'T');
        int hour = digits(ascii, from + 11, 2, ':');
        int minute = digits(ascii, from + 14, 2, ':');
        int second = digits(ascii, from + 17, 2, to - from == SHORTEST ? 'Z' : '.');
        int places = to - from - SHORTEST - 1;
        int fraction = places > 0 ? digits(ascii, from + SHORTEST, places, 'Z') : 0;
        if ((year | month | day | hour | minute | second | fraction) < 0 || month < 1 || month > 12 || day < 1) {
            return null;
        }
        for (int i = places; i > 0 && i < 9; i++) {
            fraction *= 10;
        }
        if (day > YearMonth.of(year, month).lengthOfMonth() || hour > 23 || minute > 59 || second > 59) {
            return null;
        }
        long days = LocalDate.of(year, month, day).toEpochDay();
        return Instant.ofEpochSecond(((days * 24 + hour) * 60 + minute) * 60 + second, fraction);
    }

    /// Digits and what follows them; negative if they are something else.
    private static int digits(byte[] ascii, int from, int count, char then) {
        int value = 0;
        for (int i = from; i < from + count; i++) {
            if (ascii[i] < '0' || ascii[i] > '9') {
                return -1;
            }
            value = value * 10 + ascii[i] - '0';
        }
        return ascii[from + count] == then ? value : -1;
    }

    private static void appendFraction(StringBuilder text, int nanos) {
        String digits = Integer.toString(nanos);
        text.append('.').append("0".repeat(9 - digits.length())).append(digits);
    }

    /// Docker's words for a span of time: `Less than a second`, `5 minutes`, `About an hour`, `3 weeks`.
    public static String words(Duration span) {
        long seconds = span.toSeconds();
        if (seconds < 1) {
            return "Less than a second";
        } else if (seconds == 1) {
            return "1 second";
        } else if (seconds < 60) {
            return seconds + " seconds";
        }
        return minutesOrMore(span.toMinutes(), Math.round(seconds / 3600.0));
    }

    private static String minutesOrMore(long minutes, long hours) {
        if (minutes == 1) {
            return "About a minute";
        } else if (minutes < 60) {
            return minutes + " minutes";
        } else if (hours == 1) {
            return "About an hour";
        } else if (hours < 48) {
            return hours + " hours";
        } else if (hours < 24 * 7 * 2) {
            return hours / 24 + " days";
        } else if (hours < 24 * 30 * 2) {
            return hours / 24 / 7 + " weeks";
        } else if (hours < 24 * 365 * 2) {
            return hours / 24 / 30 + " months";
        }
        return hours / 24 / 365 + " years";
    }
}
