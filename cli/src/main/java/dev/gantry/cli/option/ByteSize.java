package dev.gantry.cli.option;

import java.util.Locale;

/// Numbers of bytes as Docker's clients read them: `512m`, `1.5GiB`, `64 kb`; units are powers of 1024.
public final class ByteSize {
    private ByteSize() {}

    /// Reads a size.
    ///
    /// @throws IllegalArgumentException with Docker's text
    public static long parse(String text) {
        int last = text.length() - 1;
        while (last >= 0 && "0123456789. ".indexOf(text.charAt(last)) < 0) {
            last--;
        }
        if (last < 0) {
            throw new IllegalArgumentException("invalid size: '" + text + "'");
        }
        String number = text.substring(0, text.charAt(last) == ' ' ? last : last + 1);
        String unit = text.substring(last + 1);
        double size = number(number);
        if (size < 0) {
            throw new IllegalArgumentException("invalid size: '" + text + "'");
        }
        return (long) (size * multiplier(unit.toLowerCase(Locale.ROOT)));
    }

    private static double number(String text) {
        boolean plain = !text.isEmpty() && text.chars().allMatch(c -> "+-.0123456789eE".indexOf(c) >= 0);
        try {
            if (plain) {
                return Double.parseDouble(text);
            }
        } catch (NumberFormatException _) {
            // said below
        }
        throw new IllegalArgumentException("strconv.ParseFloat: parsing \"" + text + "\": invalid syntax");
    }

    private static double multiplier(String unit) {
        if (unit.isEmpty() || unit.equals("b")) {
            return 1;
        }
        int power = "kmgtp".indexOf(unit.charAt(0)) + 1;
        String rest = unit.substring(1);
        if (power == 0 || !(rest.isEmpty() || rest.equals("b") || rest.equals("ib"))) {
            throw new IllegalArgumentException("invalid suffix: '" + unit + "'");
        }
        return Math.pow(1024, power);
    }
}
