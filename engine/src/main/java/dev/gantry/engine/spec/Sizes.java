package dev.gantry.engine.spec;

/// Sizes as flags write them.
final class Sizes {
    private static final String UNITS = "kmg";

    private Sizes() {}

    /// The shortest form: `64m`, `1g`, `1000`.
    static String text(long bytes) {
        long value = bytes;
        int unit = -1;
        while (value > 0 && value % 1024 == 0 && unit < UNITS.length() - 1) {
            value /= 1024;
            unit++;
        }
        return unit < 0 ? Long.toString(bytes) : Long.toString(value) + UNITS.charAt(unit);
    }
}
