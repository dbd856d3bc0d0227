package dev.gantry.cli.template;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Constants of the template language.
final class Literals {
    private Literals() {}

    /// A Long or a Double, or null where the text is no number.
    static @Nullable Object number(String text) {
        String digits = text.replace("_", "");
        try {
            return Long.decode(withoutGoPrefix(digits));
        } catch (NumberFormatException _) {
            // not an integer: perhaps a fraction
        }
        if (!digits.chars().allMatch(c -> "+-.0123456789eE".indexOf(c) >= 0)) {
            return null;
        }
        try {
            double value = Double.parseDouble(digits);
            return value == Math.rint(value)
                            && Math.abs(value) < 1e15
                            && digits.toLowerCase(Locale.ROOT).contains("e")
                    ? (Object) (long) value
                    : (Object) value;
        } catch (NumberFormatException _) {
            return null;
        }
    }

    private static String withoutGoPrefix(String digits) {
        String lower = digits.toLowerCase(Locale.ROOT);
        if (lower.startsWith("0o")) {
            return "0" + lower.substring(2);
        }
        if (lower.startsWith("0b")) {
            return Long.toString(Long.parseLong(lower.substring(2), 2));
        }
        return digits;
    }

    /// The text between double or single quotes, or null where an escape is wrong.
    static @Nullable String unquote(String quoted) {
        StringBuilder out = new StringBuilder();
        int end = quoted.length() - 1;
        int at = 1;
        while (at < end) {
            char c = quoted.charAt(at++);
            if (c != '\\') {
                out.append(c);
                continue;
            }
            int used = escape(quoted, at, end, out);
            if (used == 0) {
                return null;
            }
            at += used;
        }
        return out.toString();
    }

    /// Appends what an escape means and gives how many characters it took, or zero where it is wrong.
    private static int escape(String quoted, int at, int end, StringBuilder out) {
        char c = quoted.charAt(at);
        int plain = "abfnrtv\\'\"".indexOf(c);
        if (plain >= 0) {
            out.append("\u0007\b\f\n\r\t\u000b\\'\"".charAt(plain));
            return 1;
        }
        int digits = switch (c) {
            case 'x' -> 2;
            case 'u' -> 4;
            case 'U' -> 8;
            default -> 0;
        };
        if (digits == 0 || at + digits >= end + 1) {
            return 0;
        }
        try {
            out.appendCodePoint(Integer.parseInt(quoted.substring(at + 1, at + 1 + digits), 16));
        } catch (IllegalArgumentException _) {
            // not hexadecimal, or no such character
            return 0;
        }
        return 1 + digits;
    }
}
