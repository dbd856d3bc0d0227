package dev.gantry.store.tar;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Consumer;

/// Makes tar archives by hand, right and wrong ones.
public final class TarText {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    /// An entry with these fields; header fields that tests vary are parameters, the rest is usual.
    public TarText entry(char type, String name, String link, byte[] content) {
        return entry(type, name, link, 0644, content);
    }

    public TarText entry(char type, String name, String link, int mode, byte[] content) {
        byte[] header = header(type, name, link, mode, content.length);
        return block(seal(header)).content(content);
    }

    public TarText file(String name, String content) {
        return entry('0', name, "", content.getBytes(StandardCharsets.UTF_8));
    }

    public TarText directory(String name) {
        return entry('5', name, "", 0755, new byte[0]);
    }

    public TarText symlink(String name, String target) {
        return entry('2', name, target, new byte[0]);
    }

    public TarText hardLink(String name, String target) {
        return entry('1', name, target, new byte[0]);
    }

    /// A directory with this mode.
    public TarText directory(String name, int mode) {
        return entry('5', name, "", mode, new byte[0]);
    }

    /// An entry whose header is changed by hand.
    public TarText edited(char type, String name, byte[] content, Consumer<byte[]> change) {
        byte[] header = header(type, name, "", 0644, content.length);
        change.accept(header);
        return block(seal(header)).content(content);
    }

    /// A PAX header of these records, each without its length, for the next entry.
    public TarText pax(String... records) {
        return entry('x', "pax", "", records(records));
    }

    /// A PAX header of these records for all that follow.
    public TarText global(String... records) {
        return entry('g', "pax_global_header", "", records(records));
    }

    private static byte[] records(String... records) {
        ByteArrayOutputStream data = new ByteArrayOutputStream();
        for (String record : records) {
            byte[] line = (" " + record + "\n").getBytes(StandardCharsets.ISO_8859_1);
            int length = line.length + 1;
            while (length != line.length + String.valueOf(length).length()) {
                length++;
            }
            data.writeBytes(String.valueOf(length).getBytes(StandardCharsets.US_ASCII));
            data.writeBytes(line);
        }
        return data.toByteArray();
    }

    public TarText block(byte[] block) {
        out.writeBytes(block);
        return this;
    }

    public TarText content(byte[] content) {
        out.writeBytes(content);
        out.writeBytes(new byte[(512 - content.length % 512) % 512]);
        return this;
    }

    public static byte[] header(char type, String name, String link, int mode, long size) {
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

    public static void put(byte[] header, int offset, int length, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        System.arraycopy(bytes, 0, header, offset, Math.min(length, bytes.length));
    }

    public static byte[] seal(byte[] header) {
        Arrays.fill(header, 148, 156, (byte) ' ');
        int sum = 0;
        for (byte value : header) {
            sum += value & 0xFF;
        }
        put(header, 148, 8, "%06o\0 ".formatted(sum));
        return header;
    }

    public byte[] end() {
        out.writeBytes(new byte[1024]);
        return out.toByteArray();
    }

    public byte[] withoutEnd() {
        return out.toByteArray();
    }
}
