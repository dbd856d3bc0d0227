package dev.gantry.fuzz;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/// The random choices of one try.
public final class Inputs {
    /// Texts that parsers have tripped over.
    private static final List<String> ODD = List.of(
            "",
            "0",
            "-1",
            "00",
            "1e400",
            "2147483648",
            "4294967296",
            "9223372036854775808",
            "NaN",
            "null",
            "true",
            "{}",
            "[]",
            "\"\"",
            "\\",
            "\\u0000",
            "\u0000",
            "\u00ff",
            "\ud800",
            "\u202e",
            "/",
            "..",
            "../",
            "//",
            ":",
            "@",
            "%00",
            "%",
            "=",
            ",",
            ";",
            "\"",
            "'",
            "\n",
            "\r\n",
            "\t",
            " ",
            "<",
            ">",
            "x".repeat(300));

    /// Ends of ranges, and digits.
    private static final List<Integer> INTERESTING = List.of(0, 0xFF, 0x80, 0x7F, 0x30, 0x39);

    private static final int SHOWN = 2000;

    private final Random random;
    private String described = "nothing described";

    Inputs(long seed) {
        random = new Random(seed);
    }

    /// Tells what a failure is to show.
    public String describe(String input) {
        described = input;
        return input;
    }

    /// Tells what a failure is to show.
    public byte[] describe(byte[] input) {
        described = new String(input, StandardCharsets.ISO_8859_1);
        return input;
    }

    /// The input in printable characters.
    String described() {
        StringBuilder text = new StringBuilder();
        for (char each :
                described.substring(0, Math.min(described.length(), SHOWN)).toCharArray()) {
            text.append(
                    each >= ' ' && each < 127
                            ? String.valueOf(each)
                            : String.format(Locale.ROOT, "\\u%04x", (int) each));
        }
        return described.length() > SHOWN ? text + "…" : text.toString();
    }

    /// From 0 to `bound` - 1.
    public int below(int bound) {
        return random.nextInt(bound);
    }

    /// True in one of so many cases.
    public boolean oneIn(int cases) {
        return random.nextInt(cases) == 0;
    }

    /// One of these.
    public <T> T pick(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }

    @SafeVarargs
    public final <T> T pick(T... choices) {
        return choices[random.nextInt(choices.length)];
    }

    /// A text that parsers have tripped over.
    public String odd() {
        return pick(ODD);
    }

    /// Any number, near a power of two in most cases.
    public long number() {
        return oneIn(4) ? random.nextLong() : (1L << random.nextInt(64)) + random.nextInt(5) - 2;
    }

    /// Characters of an alphabet.
    public String text(String alphabet, int maxLength) {
        int length = random.nextInt(maxLength + 1);
        StringBuilder text = new StringBuilder(length);
        for (int i = 0; i < length; i++) {
            text.append(alphabet.charAt(random.nextInt(alphabet.length())));
        }
        return text.toString();
    }

    /// A text with a few changes.
    public String mutate(String valid) {
        StringBuilder text = new StringBuilder(valid);
        for (int changes = 1 + random.nextInt(4); changes > 0; changes--) {
            int from = random.nextInt(text.length() + 1);
            int to = Math.min(text.length(), from + random.nextInt(8));
            switch (random.nextInt(4)) {
                case 0 -> text.delete(from, to);
                case 1 -> text.insert(from, odd());
                case 2 -> text.insert(from, text.substring(from, to).repeat(1 + random.nextInt(20)));
                default -> text.replace(from, to, odd());
            }
        }
        return text.toString();
    }

    /// Bytes with a few changes.
    public byte[] mutate(byte[] valid) {
        byte[] bytes = valid.clone();
        for (int changes = 1 + random.nextInt(6); changes > 0; changes--) {
            bytes = change(bytes);
        }
        return bytes;
    }

    private byte[] change(byte[] bytes) {
        int from = random.nextInt(bytes.length + 1);
        int to = Math.min(bytes.length, from + random.nextInt(oneIn(4) ? 600 : 8));
        byte[] changed = switch (random.nextInt(6)) {
            case 0 -> join(bytes, from, new byte[0], to);
            case 1 -> join(bytes, from, odd().getBytes(StandardCharsets.UTF_8), from);
            case 2 -> join(bytes, to, Arrays.copyOfRange(bytes, from, to), to);
            case 3 -> Arrays.copyOf(bytes, from);
            default -> bytes;
        };
        if (changed.length > 0) {
            changed[random.nextInt(changed.length)] =
                    (byte) (oneIn(2) ? random.nextInt(256) : pick(INTERESTING).intValue());
        }
        return changed;
    }

    private static byte[] join(byte[] bytes, int end, byte[] inserted, int rest) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(bytes, 0, end);
        out.writeBytes(inserted);
        out.write(bytes, rest, bytes.length - rest);
        return out.toByteArray();
    }
}
