package dev.gantry.store.tar;

import dev.gantry.oci.MalformedException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// One 512-byte header block (tar(5) of libarchive; POSIX pax, "ustar Interchange Format"; GNU tar manual, "Basic Tar
/// Format").
final class Header {
    static final int BLOCK = 512;

    private final byte[] block;
    private final boolean posix;
    private final boolean star;

    private Header(byte[] block) {
        this.block = block;
        posix = Arrays.equals(block, 257, 263, "ustar\0".getBytes(StandardCharsets.US_ASCII), 0, 6);
        star = posix && Arrays.equals(block, 508, 512, "tar\0".getBytes(StandardCharsets.US_ASCII), 0, 4);
    }

    /// @throws MalformedException if the checksum is wrong
    static Header parse(byte[] block, long position) throws MalformedException {
        Header header = new Header(block);
        long unsigned = 0;
        long signed = 0;
        for (int i = 0; i < BLOCK; i++) {
            int value = i >= 148 && i < 156 ? ' ' : block[i];
            unsigned += value & 0xFF;
            signed += value;
        }
        long stated = header.number(148, 8, "checksum");
        if (stated != unsigned && stated != signed) {
            throw new MalformedException("tar header at byte %d has a wrong checksum".formatted(position));
        }
        return header;
    }

    /// A block that has no checksum: an extension of a sparse map.
    static Header unchecked(byte[] block) {
        return new Header(block);
    }

    static boolean isZero(byte[] block) {
        for (byte value : block) {
            if (value != 0) {
                return false;
            }
        }
        return true;
    }

    char type() {
        return (char) (block[156] & 0xFF);
    }

    String name() {
        String name = text(0, 100);
        String prefix = posix ? text(345, star ? 131 : 155) : "";
        return prefix.isEmpty() ? name : prefix + "/" + name;
    }

    String linkName() {
        return text(157, 100);
    }

    int mode() throws MalformedException {
        return (int) number(100, 8, "mode") & 0xFFF;
    }

    long uid() throws MalformedException {
        return number(108, 8, "uid");
    }

    long gid() throws MalformedException {
        return number(116, 8, "gid");
    }

    long size() throws MalformedException {
        return number(124, 12, "size");
    }

    long modified() throws MalformedException {
        return number(136, 12, "mtime");
    }

    TarEntry.Device device() throws MalformedException {
        return new TarEntry.Device(deviceNumber(329), deviceNumber(337));
    }

    private int deviceNumber(int offset) throws MalformedException {
        long value = number(offset, 8, "device");
        if (value < 0 || value > 0xFFFFFF) {
            throw new MalformedException("tar entry \"%s\" has the device number %d".formatted(name(), value));
        }
        return (int) value;
    }

    /// Whether a byte at this place is set: GNU's `isextended`.
    boolean flag(int offset) {
        return block[offset] != 0;
    }

    /// Octal text, or a big-endian number in base 256 if the first bit is set (GNU and star).
    long number(int offset, int length, String field) throws MalformedException {
        int first = block[offset] & 0xFF;
        return (first & 0x80) != 0 ? binary(offset, length, field) : octal(offset, length, field);
    }

    private long binary(int offset, int length, String field) throws MalformedException {
        boolean negative = (block[offset] & 0x40) != 0;
        long value = negative ? -1 : 0;
        for (int i = 0; i < length; i++) {
            int bits = block[offset + i] & 0xFF;
            if (i == 0) {
                bits = negative ? bits | 0x80 : bits & 0x7F;
            }
            long high = value >> 55;
            if (high != 0 && high != -1) {
                throw malformed(field);
            }
            value = (value << 8) | bits;
        }
        if ((value < 0) != negative) {
            throw malformed(field);
        }
        return value;
    }

    private long octal(int offset, int length, String field) throws MalformedException {
        int i = offset;
        int end = offset + length;
        while (i < end && (block[i] == ' ' || block[i] == 0)) {
            i++;
        }
        long value = 0;
        while (i < end && block[i] >= '0' && block[i] <= '7') {
            value = (value << 3) | (block[i++] - '0');
        }
        while (i < end && (block[i] == ' ' || block[i] == 0)) {
            i++;
        }
        if (i != end) {
            throw malformed(field);
        }
        return value;
    }

    private MalformedException malformed(String field) {
        return new MalformedException("tar header of \"%s\" has a malformed %s".formatted(name(), field));
    }

    private String text(int offset, int length) {
        int end = offset;
        while (end < offset + length && block[end] != 0) {
            end++;
        }
        return Names.decode(block, offset, end - offset);
    }
}
