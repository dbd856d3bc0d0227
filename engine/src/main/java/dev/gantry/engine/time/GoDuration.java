package dev.gantry.engine.time;

import java.math.BigDecimal;
import java.time.Duration;

/// Durations as Go's `time.Duration.String` writes them, which Docker's messages have: `1m30s`, `1.5s`, `300ms`.
public final class GoDuration {
    private GoDuration() {}

    /// Writes a duration.
    ///
    /// @param duration at least a millisecond
    public static String text(Duration duration) {
        if (duration.toSeconds() == 0) {
            return decimal(duration.toNanos(), 6) + "ms";
        }
        long hours = duration.toHours();
        long minutes = duration.toMinutesPart();
        long nanos = duration.minusMinutes(duration.toMinutes()).toNanos();
        String text = decimal(nanos, 9) + "s";
        if (hours > 0) {
            return hours + "h" + minutes + "m" + text;
        }
        return minutes > 0 ? minutes + "m" + text : text;
    }

    private static String decimal(long value, int scale) {
        BigDecimal number = BigDecimal.valueOf(value, scale);
        return number.signum() == 0 ? "0" : number.stripTrailingZeros().toPlainString();
    }
}
