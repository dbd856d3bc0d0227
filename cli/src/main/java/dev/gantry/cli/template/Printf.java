package dev.gantry.cli.template;

import dev.gantry.cli.option.GoQuote;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// `fmt.Sprintf` for the values that templates have.
final class Printf {
    private final String format;
    private final List<@Nullable Object> arguments;
    private final StringBuilder out = new StringBuilder();
    private int at;
    private int used;

    private Printf(String format, List<@Nullable Object> arguments) {
        this.format = format;
        this.arguments = arguments;
    }

    static String format(String format, List<@Nullable Object> arguments) {
        return new Printf(format, arguments).run();
    }

    /// `fmt.Sprintln` without its line feed.
    static String spaced(List<@Nullable Object> arguments) {
        return String.join(" ", arguments.stream().map(Value::print).toList());
    }

    private String run() {
        while (at < format.length()) {
            int percent = format.indexOf('%', at);
            int end = percent < 0 ? format.length() : percent;
            out.append(format, at, end);
            at = end + 1;
            if (percent >= 0) {
                verb();
            }
        }
        if (used < arguments.size()) {
            out.append("%!(EXTRA ");
            for (int i = used; i < arguments.size(); i++) {
                Object extra = arguments.get(i);
                out.append(i > used ? ", " : "")
                        .append(Value.typeName(extra))
                        .append('=')
                        .append(Value.print(extra));
            }
            out.append(')');
        }
        return out.toString();
    }

    private void verb() {
        StringBuilder flags = new StringBuilder();
        while (at < format.length() && "+-# 0".indexOf(format.charAt(at)) >= 0) {
            flags.append(format.charAt(at++));
        }
        int width = number();
        int precision = -1;
        if (at < format.length() && format.charAt(at) == '.') {
            at++;
            precision = Math.max(0, number());
        }
        if (at >= format.length()) {
            out.append("%!(NOVERB)");
            return;
        }
        char verb = format.charAt(at++);
        if (verb == '%') {
            out.append('%');
            return;
        }
        if (used >= arguments.size()) {
            out.append("%!").append(verb).append("(MISSING)");
            return;
        }
        pad(text(verb, flags.toString(), precision, arguments.get(used++)), flags.toString(), width);
    }

    /// Digits, or the next argument for `*`; -1 for none.
    private int number() {
        if (at < format.length() && format.charAt(at) == '*') {
            at++;
            return used < arguments.size() && arguments.get(used++) instanceof Long number ? number.intValue() : -1;
        }
        int from = at;
        while (at < format.length() && Character.isDigit(format.charAt(at))) {
            at++;
        }
        // more digits than any screen has columns are cut, so that a template cannot ask for gigabytes
        return from == at ? -1 : Integer.parseInt(format.substring(from, Math.min(at, from + 5)));
    }

    private void pad(String text, String flags, int width) {
        int missing = width - text.codePointCount(0, text.length());
        if (missing <= 0) {
            out.append(text);
        } else if (flags.contains("-")) {
            out.append(text).repeat(" ", missing);
        } else if (flags.contains("0")) {
            boolean signed = text.startsWith("-") || text.startsWith("+");
            out.append(signed ? text.substring(0, 1) : "")
                    .repeat("0", missing)
                    .append(signed ? text.substring(1) : text);
        } else {
            out.repeat(" ", missing).append(text);
        }
    }

    private static String text(char verb, String flags, int precision, @Nullable Object value) {
        if (verb == 'v') {
            return flags.contains("#") && value instanceof String text ? GoQuote.quote(text) : Value.print(value);
        }
        if (verb == 'T') {
            return Value.typeName(value);
        }
        if (value instanceof List<?> list && verb != 'd') {
            return "["
                    + String.join(
                            " ",
                            list.stream()
                                    .map(each -> text(verb, flags, precision, each))
                                    .toList()) + "]";
        }
        return switch (value) {
            case String text -> ofText(verb, flags, precision, text);
            case Long number -> ofLong(verb, flags, precision, number);
            case Double number -> ofDouble(verb, flags, precision, number);
            case Boolean truth when verb == 't' -> truth.toString();
            case null -> "%!" + verb + "(<nil>)";
            default -> wrong(verb, value);
        };
    }

    private static String ofText(char verb, String flags, int precision, String text) {
        String cut = precision >= 0 && text.codePointCount(0, text.length()) > precision
                ? text.substring(0, text.offsetByCodePoints(0, precision))
                : text;
        return switch (verb) {
            case 's' -> cut;
            case 'q' -> flags.contains("#") && cut.indexOf('`') < 0 ? "`" + cut + "`" : GoQuote.quote(cut);
            case 'x' -> HexFormat.of().formatHex(cut.getBytes(StandardCharsets.UTF_8));
            case 'X' -> HexFormat.of().withUpperCase().formatHex(cut.getBytes(StandardCharsets.UTF_8));
            default -> wrong(verb, text);
        };
    }

    private static String ofLong(char verb, String flags, int precision, long number) {
        String sign = number < 0 ? "-" : flags.contains("+") ? "+" : flags.contains(" ") ? " " : "";
        String prefix = "";
        String digits;
        switch (verb) {
            case 'd' -> digits = magnitude(number, 10);
            case 'b' -> digits = magnitude(number, 2);
            case 'o' -> {
                digits = magnitude(number, 8);
                prefix = flags.contains("#") ? "0" : "";
            }
            case 'x', 'X' -> {
                digits = magnitude(number, 16);
                prefix = flags.contains("#") ? "0x" : "";
            }
            case 'c' -> {
                return Character.isValidCodePoint((int) number) ? Character.toString((int) number) : "\ufffd";
            }
            case 'U' -> {
                return String.format("U+%04X", number);
            }
            case 'q' -> {
                return "'" + Character.toString((int) number) + "'";
            }
            default -> {
                return wrong(verb, number);
            }
        }
        String text = sign + prefix + "0".repeat(Math.max(0, precision - digits.length())) + digits;
        return verb == 'X' ? text.toUpperCase(Locale.ROOT) : text;
    }

    private static String magnitude(long number, int base) {
        String digits = Long.toString(number, base);
        return number < 0 ? digits.substring(1) : digits;
    }

    private static String ofDouble(char verb, String flags, int precision, double number) {
        String sign = number >= 0 && flags.contains("+") ? "+" : "";
        return switch (verb) {
            case 'f', 'F' ->
                sign
                        + new BigDecimal(number)
                                .setScale(precision < 0 ? 6 : precision, RoundingMode.HALF_EVEN)
                                .toPlainString();
            case 'e' -> sign + String.format(Locale.ROOT, "%." + (precision < 0 ? 6 : precision) + "e", number);
            case 'g' -> sign + Value.printDouble(number);
            default -> wrong(verb, number);
        };
    }

    private static String wrong(char verb, Object value) {
        return "%!" + verb + "(" + Value.typeName(value) + "=" + Value.print(value) + ")";
    }
}
