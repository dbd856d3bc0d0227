package dev.gantry.store.tar;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Makes tar archives by hand, right and wrong ones.
final class TarText {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    /// An entry with these fields; header fields that tests vary are parameters, the rest is usual.
    TarText entry(char type, String name, String link, byte[] content) {
        return entry(type, name, link, 0644, content);
    }

    TarText entry(char type, String name, String link, int mode, byte[] content) {
        byte[] header = header(type, name, link, mode, content.length);
        return block(seal(header)).content(content);
    }

    TarText file(String name, String content) {
        return entry('0', name, "", content.getBytes(StandardCharsets.UTF_8));
    }

    TarText directory(String name) {
        return entry('5', name, "", 0755, new byte[0]);
    }

    TarText symlink(String name, String target) {
        return entry('2', name, target, new byte[0]);
    }

    TarText hardLink(String name, String target) {
        return entry('1', name, target, new byte[0]);
    }

    /// A PAX header of these records, each without its length.
    TarText pax(String... records) {
        ByteArrayOutputStream data = new ByteArrayOutputStream();
        for (String record : records) {
            byte[] line = (" " + record + "\n").getBytes(StandardCharsets.ISO_8859_1);
            int length = line.length + String.valueOf(line.length + 2).length();
            data.writeBytes(String.valueOf(length).getBytes(StandardCharsets.US_ASCII));
            data.writeBytes(line);
        }
        return entry('x', "pax", "", data.toByteArray());
    }

    TarText block(byte[] block) {
        out.writeBytes(block);
        return this;
    }

    TarText content(byte[] content) {
        out.writeBytes(content);
        out.writeBytes(new byte[(512 - content.length % 512) % 512]);
        return this;
    }

    static byte[] header(char type, String name, String link, int mode, long size) {
        byte[] header = new byte[512];
        put(header, 0, 100, name);
        put(header, 100, 8, "%07o".formatted(mode));
        put(header, 108, 8, "0000001");
        put(header, 116, 8, "0000002");
        put(header, 124, 12, "%011o".formatted(size));
        put(header, 136, 12, "00000000052");
        header[156] = (byte) type;
        put(header, 157, 100, link);
        put(header, 257, 8, "ustar\00000");
        put(header, 329, 8, "0000003");
        put(header, 337, 8, "0000004");
        return header;
    }

    static void put(byte[] header, int offset, int length, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        System.arraycopy(bytes, 0, header, offset, Math.min(length, bytes.length));
    }

    static byte[] seal(byte[] header) {
        Arrays.fill(header, 148, 156, (byte) ' ');
        int sum = 0;
        for (byte value : header) {
            sum += value & 0xFF;
        }
        put(header, 148, 8, "%06o\0 ".formatted(sum));
        return header;
    }

    byte[] end() {
        out.writeBytes(new byte[1024]);
        return out.toByteArray();
    }

    byte[] withoutEnd() {
        return out.toByteArray();
    }
}
