package dev.gantry.cli.format;

/// Texts cut to the width of a column.
public final class Shortened {
    private static final int ID_LENGTH = 12;

    private Shortened() {}

    /// An ID without its algorithm, twelve characters of it.
    public static String id(String id) {
        String digits = id.substring(id.indexOf(':') + 1);
        return digits.length() > ID_LENGTH ? digits.substring(0, ID_LENGTH) : digits;
    }

    /// A text with an ellipsis where it is wider than that; East Asian wide characters take two columns.
    public static String text(String text, int width) {
        int[] characters = text.codePoints().toArray();
        int total = 0;
        int fits = characters.length;
        for (int i = 0; i < characters.length; i++) {
            total += columns(characters[i]);
            if (total > width - 1 && fits == characters.length) {
                fits = i;
            }
        }
        return total <= width ? text : new String(characters, 0, fits) + "…";
    }

    /// Unicode's East Asian Width W and F, by block (UAX 11).
    private static int columns(int character) {
        boolean wide = (character >= 0x1100 && character <= 0x115f)
                || (character >= 0x2e80 && character <= 0xa4cf && character != 0x303f)
                || (character >= 0xac00 && character <= 0xd7a3)
                || (character >= 0xf900 && character <= 0xfaff)
                || (character >= 0xfe30 && character <= 0xfe6f)
                || (character >= 0xff00 && character <= 0xff60)
                || (character >= 0xffe0 && character <= 0xffe6)
                || (character >= 0x1f300 && character <= 0x1faff)
                || (character >= 0x20000 && character <= 0x3fffd);
        return wide ? 2 : 1;
    }
}
