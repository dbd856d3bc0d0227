package dev.gantry.engine.time;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Points in time as users give them to filters: seconds since 1970, RFC 3339 with parts left out, or a span back from
/// now in Go's notation (`1h30m`).
public final class PointInTime {
    private static final Pattern SECONDS = Pattern.compile("(-?[0-9]{1,18})(?:\\.([0-9]{1,9}))?");
    private static final Pattern SPAN = Pattern.compile("(?:[0-9]+(?:\\.[0-9]+)?(?:ns|us|µs|ms|s|m|h))+");
    private static final Pattern PART = Pattern.compile("([0-9]+(?:\\.[0-9]+)?)(ns|us|µs|ms|s|m|h)");

    private PointInTime() {}

    /// Reads a point in time; empty if the text is none.
    public static Optional<Instant> parse(String text, Instant now) {
        Matcher seconds = SECONDS.matcher(text);
        if (seconds.matches()) {
            String fraction = seconds.group(2) == null ? "" : seconds.group(2);
            long nanos = Long.parseLong((fraction + "000000000").substring(0, 9));
            return Optional.of(Instant.ofEpochSecond(Long.parseLong(seconds.group(1)), nanos));
        }
        if (SPAN.matcher(text).matches()) {
            return Optional.of(now.minus(span(text)));
        }
        return calendar(text);
    }

    private static Duration span(String text) {
        Duration span = Duration.ZERO;
        Matcher part = PART.matcher(text);
        while (part.find()) {
            long unit = switch (part.group(2)) {
                case "h" -> 3_600_000_000_000L;
                case "m" -> 60_000_000_000L;
                case "s" -> 1_000_000_000L;
                case "ms" -> 1_000_000L;
                case "ns" -> 1L;
                default -> 1_000L;
            };
            span = span.plusNanos((long) (Double.parseDouble(part.group(1)) * unit));
        }
        return span;
    }

    /// Without an offset it is the host's time.
    private static Optional<Instant> calendar(String text) {
        ZoneId zone = ZoneId.systemDefault();
        try {
            if (!text.contains("T")) {
                return Optional.of(LocalDate.parse(text).atStartOfDay(zone).toInstant());
            }
            boolean offset = text.endsWith("Z") || text.matches(".*[+-][0-9]{2}:[0-9]{2}");
            return Optional.of(
                    offset
                            ? OffsetDateTime.parse(text).toInstant()
                            : LocalDateTime.parse(text).atZone(zone).toInstant());
        } catch (DateTimeParseException _) {
            return Optional.empty();
        }
    }
}
