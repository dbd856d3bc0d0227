package dev.gantry.engine.log;

/// Well-formed UTF-8 (RFC 3629, section 4).
final class Utf8 {
    private Utf8() {}

    /// The length of the well-formed sequence of two to four bytes that starts here; zero where none does.
    static int length(byte[] bytes, int start, int end) {
        int first = bytes[start] & 0xff;
        int length;
        int low = 0x80;
        int high = 0xbf;
        if (first >= 0xc2 && first <= 0xdf) {
            length = 2;
        } else if (first >= 0xe0 && first <= 0xef) {
            length = 3;
            low = first == 0xe0 ? 0xa0 : 0x80;
            high = first == 0xed ? 0x9f : 0xbf;
        } else if (first >= 0xf0 && first <= 0xf4) {
            length = 4;
            low = first == 0xf0 ? 0x90 : 0x80;
            high = first == 0xf4 ? 0x8f : 0xbf;
        } else {
            return 0;
        }
        if (start + length > end || !within(bytes[start + 1], low, high)) {
            return 0;
        }
        for (int i = start + 2; i < start + length; i++) {
            if (!within(bytes[i], 0x80, 0xbf)) {
                return 0;
            }
        }
        return length;
    }

    private static boolean within(byte value, int low, int high) {
        int unsigned = value & 0xff;
        return unsigned >= low && unsigned <= high;
    }
}
