package dev.gantry.runtime.program.encode;

import java.util.Arrays;

/// A growing array of little-endian bytes.
final class Code {
    private byte[] bytes;
    private int size;

    Code(int capacity) {
        bytes = new byte[capacity];
    }

    int size() {
        return size;
    }

    void u8(int value) {
        room(1);
        bytes[size++] = (byte) value;
    }

    void u32(int value) {
        room(4);
        set(size, value);
        size += 4;
    }

    void u64(long value) {
        u32((int) value);
        u32((int) (value >>> 32));
    }

    int get(int at) {
        return (bytes[at] & 0xff)
                | (bytes[at + 1] & 0xff) << 8
                | (bytes[at + 2] & 0xff) << 16
                | (bytes[at + 3] & 0xff) << 24;
    }

    void set(int at, int value) {
        bytes[at] = (byte) value;
        bytes[at + 1] = (byte) (value >>> 8);
        bytes[at + 2] = (byte) (value >>> 16);
        bytes[at + 3] = (byte) (value >>> 24);
    }

    void setByte(int at, int value) {
        bytes[at] = (byte) value;
    }

    void copyTo(byte[] target, int at) {
        System.arraycopy(bytes, 0, target, at, size);
    }

    private void room(int more) {
        if (size + more > bytes.length) {
            bytes = Arrays.copyOf(bytes, bytes.length * 2);
        }
    }
}
