package dev.gantry.engine.log;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Records on their way to a file, in one piece. Not thread-safe, and without the locks of `ByteArrayOutputStream`,
/// which cost more than the bytes do.
final class RecordBuffer {
    private byte[] bytes;
    private int size;

    RecordBuffer(int capacity) {
        bytes = new byte[capacity];
    }

    int size() {
        return size;
    }

    /// Takes the end away.
    void size(int smaller) {
        size = smaller;
    }

    void put(int value) {
        reserve(1);
        bytes[size++] = (byte) value;
    }

    /// Four bytes, big end first.
    void putInt(int value) {
        reserve(Integer.BYTES);
        size += Integer.BYTES;
        setInt(size - Integer.BYTES, value);
    }

    void setInt(int at, int value) {
        ByteBuffer.wrap(bytes).putInt(at, value);
    }

    void put(byte[] from) {
        put(from, 0, from.length);
    }

    void put(byte[] from, int offset, int length) {
        reserve(length);
        System.arraycopy(from, offset, bytes, size, length);
        size += length;
    }

    void ascii(String text) {
        put(text.getBytes(StandardCharsets.US_ASCII));
    }

    /// What is in it; valid until the next change.
    ByteBuffer content() {
        return ByteBuffer.wrap(bytes, 0, size);
    }

    private void reserve(int length) {
        if (length > bytes.length - size) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, size + length));
        }
    }
}
