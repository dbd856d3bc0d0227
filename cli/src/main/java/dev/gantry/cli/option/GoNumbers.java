package dev.gantry.cli.option;

import java.math.BigInteger;
import java.util.Locale;

/// Numbers and truth values as Go's strconv reads them, with its error texts.
public final class GoNumbers {
    private GoNumbers() {}

    /// A truth value: 1, t, T, true, True, TRUE and their opposites.
    public static boolean parseBool(String text) {
        return switch (text) {
            case "1", "t", "T", "true", "True", "TRUE" -> true;
            case "0", "f", "F", "false", "False", "FALSE" -> false;
            default -> throw new IllegalArgumentException(failure("ParseBool", text, "invalid syntax"));
        };
    }

    /// A signed number of 64 bits; the prefix chooses the base (0x, 0o, 0b, or a leading 0).
    public static long parseInt(String text) {
        BigInteger number = magnitude("ParseInt", text);
        if (number.bitLength() > 63) {
            throw new IllegalArgumentException(failure("ParseInt", text, "value out of range"));
        }
        return number.longValue();
    }

    /// A number from 0 to that limit.
    public static long parseUint(String text, long limit) {
        if (text.startsWith("-") || text.startsWith("+")) {
            throw new IllegalArgumentException(failure("ParseUint", text, "invalid syntax"));
        }
        BigInteger number = magnitude("ParseUint", text);
        if (number.compareTo(BigInteger.valueOf(limit)) > 0) {
            throw new IllegalArgumentException(failure("ParseUint", text, "value out of range"));
        }
        return number.longValue();
    }

    private static BigInteger magnitude(String function, String text) {
        boolean signed = text.startsWith("-") || text.startsWith("+");
        String digits = signed ? text.substring(1) : text;
        int base = 10;
        String lower = digits.toLowerCase(Locale.ROOT);
        if (lower.startsWith("0x")) {
            base = 16;
        } else if (lower.startsWith("0b")) {
            base = 2;
        } else if (lower.startsWith("0o")) {
            base = 8;
        }
        if (base != 10) {
            digits = digits.substring(2);
        } else if (digits.length() > 1 && digits.startsWith("0")) {
            base = 8;
            digits = digits.substring(1);
        }
        if (digits.isEmpty() || digits.startsWith("-") || digits.startsWith("+")) {
            throw new IllegalArgumentException(failure(function, text, "invalid syntax"));
        }
        try {
            BigInteger number = new BigInteger(digits, base);
            return text.startsWith("-") ? number.negate() : number;
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(failure(function, text, "invalid syntax"), e);
        }
    }

    private static String failure(String function, String text, String problem) {
        return "strconv." + function + ": parsing \"" + text + "\": " + problem;
    }
}
