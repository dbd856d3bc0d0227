package dev.gantry.cli.option;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;

/// Time spans as Go's `time.ParseDuration` reads them.
public final class GoDuration {
    private GoDuration() {}

    /// Reads `1h15m30.918s`, `-1.5h`, `300ms`, `0`.
    ///
    /// @throws IllegalArgumentException with Go's text
    public static Duration parse(String text) {
        String rest = text.startsWith("-") || text.startsWith("+") ? text.substring(1) : text;
        if (rest.equals("0")) {
            return Duration.ZERO;
        }
        if (rest.isEmpty()) {
            throw invalid(text);
        }
        BigDecimal nanoseconds = BigDecimal.ZERO;
        int at = 0;
        while (at < rest.length()) {
            int unitStart = skip(rest, at, true);
            int end = skip(rest, unitStart, false);
            String number = rest.substring(at, unitStart);
            if (number.isEmpty() || number.equals(".") || number.indexOf('.') != number.lastIndexOf('.')) {
                throw invalid(text);
            }
            nanoseconds = nanoseconds.add(new BigDecimal("0" + (number.endsWith(".") ? number + "0" : number))
                    .multiply(unit(text, rest.substring(unitStart, end))));
            at = end;
        }
        if (nanoseconds.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) > 0) {
            throw invalid(text);
        }
        long whole = nanoseconds.setScale(0, RoundingMode.DOWN).longValueExact();
        return Duration.ofNanos(text.startsWith("-") ? -whole : whole);
    }

    private static int skip(String text, int from, boolean numeric) {
        int at = from;
        while (at < text.length() && isNumeric(text.charAt(at)) == numeric) {
            at++;
        }
        return at;
    }

    private static boolean isNumeric(char c) {
        return (c >= '0' && c <= '9') || c == '.';
    }

    private static BigDecimal unit(String text, String unit) {
        return BigDecimal.valueOf(
                switch (unit) {
                    case "ns" -> 1L;
                    case "us", "µs", "μs" -> 1_000L;
                    case "ms" -> 1_000_000L;
                    case "s" -> 1_000_000_000L;
                    case "m" -> 60_000_000_000L;
                    case "h" -> 3_600_000_000_000L;
                    case "" -> throw new IllegalArgumentException("time: missing unit in duration \"" + text + "\"");
                    default ->
                        throw new IllegalArgumentException(
                                "time: unknown unit \"" + unit + "\" in duration \"" + text + "\"");
                });
    }

    private static IllegalArgumentException invalid(String text) {
        return new IllegalArgumentException("time: invalid duration \"" + text + "\"");
    }
}
