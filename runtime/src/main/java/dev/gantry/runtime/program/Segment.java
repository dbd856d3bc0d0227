package dev.gantry.runtime.program;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// A region of data while it grows. Addresses are final at once; content after the last written byte is zero.
final class Segment {
    private static final int INITIAL = 4096;

    private final int base;
    private final int limit;
    private byte[] bytes = new byte[INITIAL];
    private int size;
    private int written;

    Segment(int base, int limit) {
        this.base = base;
        this.limit = limit;
    }

    /// Reserves zeroed room and returns its address.
    int reserve(int length, int alignment) {
        int at = (size + alignment - 1) & -alignment;
        if (length > limit - at) {
            throw new IllegalArgumentException(
                    "program data: got more than " + limit + " bytes in the region at 0x" + Integer.toHexString(base));
        }
        size = at + length;
        return base + at;
    }

    /// Appends a string and its final zero byte.
    int text(String value) {
        byte[] encoded = value.getBytes(StandardCharsets.UTF_8);
        for (byte each : encoded) {
            if (each == 0) {
                throw new IllegalArgumentException("string holds a zero byte: \"" + value.replace("\0", "\\0") + '"');
            }
        }
        int address = reserve(encoded.length + 1, 1);
        write(address, encoded);
        return address;
    }

    /// Writes bytes into reserved room.
    void write(int address, byte[] value) {
        int at = address - base;
        grow(at + value.length);
        System.arraycopy(value, 0, bytes, at, value.length);
    }

    /// Writes a little-endian number into reserved room.
    void write(int address, int width, long value) {
        if (value == 0) {
            return;
        }
        int at = address - base;
        grow(at + width);
        for (int i = 0; i < width; i++) {
            bytes[at + i] = (byte) (value >>> (8 * i));
        }
    }

    int size() {
        return size;
    }

    /// The content up to the last byte that was written, for a region whose rest is zeroed when it is loaded.
    byte[] written() {
        return Arrays.copyOf(bytes, written);
    }

    /// The content with the zeros at its end, for a region that is followed by something else.
    byte[] whole() {
        return Arrays.copyOf(bytes, size);
    }

    private void grow(int end) {
        if (end > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(end, bytes.length * 2));
        }
        written = Math.max(written, end);
    }
}
