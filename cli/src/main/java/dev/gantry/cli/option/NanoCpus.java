package dev.gantry.cli.option;

import java.math.BigDecimal;
import java.math.MathContext;

/// A number of processors in billionths, as `--cpus` takes it.
public final class NanoCpus {
    private NanoCpus() {}

    /// Reads `1.5` or `1/2`.
    ///
    /// @throws IllegalArgumentException with Docker's text
    public static long parse(String text) {
        BigDecimal cpus;
        try {
            int slash = text.indexOf('/');
            cpus = slash < 0
                    ? new BigDecimal(text)
                    : new BigDecimal(text.substring(0, slash))
                            .divide(new BigDecimal(text.substring(slash + 1)), MathContext.DECIMAL64);
        } catch (ArithmeticException | NumberFormatException e) {
            throw new IllegalArgumentException("failed to parse " + text + " as a rational number", e);
        }
        try {
            return cpus.movePointRight(9).longValueExact();
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException("value is too precise", e);
        }
    }
}
