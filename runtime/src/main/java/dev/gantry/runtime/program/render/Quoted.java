package dev.gantry.runtime.program.render;

import java.nio.charset.StandardCharsets;

/// Strings as strace(1) quotes them.
public final class Quoted {
    private Quoted() {}

    /// A string with its quotation marks.
    public static String text(String value) {
        return bytes(value.getBytes(StandardCharsets.UTF_8));
    }

    static String bytes(byte[] value) {
        return "\"" + inner(value) + "\"";
    }

    /// Without the quotation marks.
    static String inner(byte[] value) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < value.length; i++) {
            boolean digitFollows = i + 1 < value.length && value[i + 1] >= '0' && value[i + 1] <= '7';
            append(text, value[i] & 0xFF, digitFollows);
        }
        return text.toString();
    }

    private static void append(StringBuilder text, int each, boolean digitFollows) {
        switch (each) {
            case '"', '\\' -> text.append('\\').append((char) each);
            case '\f' -> text.append("\\f");
            case '\n' -> text.append("\\n");
            case '\r' -> text.append("\\r");
            case '\t' -> text.append("\\t");
            case 0x0B -> text.append("\\v");
            default -> {
                if (each >= ' ' && each <= '~') {
                    text.append((char) each);
                } else {
                    // an octal digit behind it would be read as part of the number
                    String octal = Integer.toOctalString(each);
                    text.append('\\').append(digitFollows ? "0".repeat(3 - octal.length()) + octal : octal);
                }
            }
        }
    }
}
