package dev.gantry.cli.format;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/// Points in time as Docker's clients write them.
public final class Times {
    private static final String DAYS = "MonTueWedThuFriSatSun";
    private static final String MONTHS = "JanFebMarAprMayJunJulAugSepOctNovDec";

    private Times() {}

    /// `2026-01-02 15:04:05 +0100 CET`, what Go prints for a time of whole seconds.
    public static String plain(long epochSeconds) {
        return DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss Z zzz", Locale.ROOT)
                .format(at(epochSeconds));
    }

    /// `2026-01-02T15:04:05+01:00`
    public static String rfc3339(long epochSeconds) {
        return DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ssXXX", Locale.ROOT)
                .format(at(epochSeconds));
    }

    /// `2026-01-02T15:04:05.000000000+01:00`
    public static String nanoseconds(long epochNanoseconds) {
        Instant instant = Instant.ofEpochSecond(
                Math.floorDiv(epochNanoseconds, 1_000_000_000L), Math.floorMod(epochNanoseconds, 1_000_000_000L));
        return DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSSSSSXXX", Locale.ROOT)
                .format(instant.atZone(ZoneId.systemDefault()));
    }

    private static ZonedDateTime at(long epochSeconds) {
        return Instant.ofEpochSecond(epochSeconds).atZone(ZoneId.systemDefault());
    }

    /// `3 minutes ago`
    public static String ago(long epochSeconds) {
        return Human.duration(Duration.between(Instant.ofEpochSecond(epochSeconds), Instant.now())) + " ago";
    }

    /// A build time in the form `Fri May 30 12:07:14 2025`; what is no RFC 3339 time stays as it is. Put together by
    /// hand:
    /// a formatter with names of days and months loads all of the locale data, 30 ms of every `version`.
    public static String buildTime(String text) {
        OffsetDateTime time;
        try {
            time = OffsetDateTime.parse(text);
        } catch (DateTimeException _) {
            // another form: shown unchanged
            return text;
        }
        int day = (time.getDayOfWeek().getValue() - 1) * 3;
        int month = (time.getMonthValue() - 1) * 3;
        return DAYS.substring(day, day + 3) + " " + MONTHS.substring(month, month + 3) + " "
                + (time.getDayOfMonth() < 10 ? " " : "") + time.getDayOfMonth() + " " + two(time.getHour()) + ":"
                + two(time.getMinute()) + ":" + two(time.getSecond()) + " " + time.getYear();
    }

    private static String two(int number) {
        return (number < 10 ? "0" : "") + number;
    }
}
