package dev.gantry.cli.format;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.List;

/// Sizes and time spans as people read them, spelt as Docker's clients spell them.
public final class Human {
    private static final List<String> DECIMAL = List.of("B", "kB", "MB", "GB", "TB", "PB", "EB", "ZB", "YB");
    private static final List<String> BINARY = List.of("B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB", "ZiB", "YiB");

    private Human() {}

    /// In powers of 1000 with three significant digits: `1.23MB`.
    public static String size(long bytes) {
        return scaled(bytes, 1000, DECIMAL, 3);
    }

    /// In powers of 1000 with four significant digits: `1.234MB`.
    public static String preciseSize(long bytes) {
        return scaled(bytes, 1000, DECIMAL, 4);
    }

    /// In powers of 1024 with four significant digits: `1.953GiB`.
    public static String binarySize(long bytes) {
        return scaled(bytes, 1024, BINARY, 4);
    }

    private static String scaled(long bytes, int base, List<String> units, int digits) {
        double value = bytes;
        int unit = 0;
        while (value >= base && unit < units.size() - 1) {
            value /= base;
            unit++;
        }
        // %.4g of Go: that many significant digits, without zeros at the end
        BigDecimal rounded = new BigDecimal(value).round(new MathContext(digits, RoundingMode.HALF_EVEN));
        String text = rounded.signum() == 0 ? "0" : plainOrExponent(rounded, digits);
        return text + units.get(unit);
    }

    private static String plainOrExponent(BigDecimal value, int digits) {
        BigDecimal stripped = value.stripTrailingZeros();
        int exponent = stripped.precision() - stripped.scale() - 1;
        if (exponent < digits) {
            return stripped.toPlainString();
        }
        // 1000 binary units with three digits are 1e+03 in Go
        return stripped.movePointLeft(exponent).toPlainString() + "e+" + (exponent < 10 ? "0" : "") + exponent;
    }

    /// A time span in its largest unit: `3 minutes`, `About an hour`.
    public static String duration(Duration duration) {
        long seconds = duration.toSeconds();
        if (seconds < 1) {
            return "Less than a second";
        }
        if (seconds == 1) {
            return "1 second";
        }
        if (seconds < 60) {
            return seconds + " seconds";
        }
        long minutes = duration.toMinutes();
        if (minutes == 1) {
            return "About a minute";
        }
        if (minutes < 60) {
            return minutes + " minutes";
        }
        return hoursAndMore(Math.round(duration.toMillis() / 3_600_000.0));
    }

    private static String hoursAndMore(long hours) {
        if (hours == 1) {
            return "About an hour";
        }
        if (hours < 48) {
            return hours + " hours";
        }
        if (hours < 24 * 7 * 2) {
            return hours / 24 + " days";
        }
        if (hours < 24 * 30 * 2) {
            return hours / 24 / 7 + " weeks";
        }
        if (hours < 24 * 365 * 2) {
            return hours / 24 / 30 + " months";
        }
        return hours / 24 / 365 + " years";
    }
}
