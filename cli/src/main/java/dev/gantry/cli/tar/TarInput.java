package dev.gantry.cli.tar;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Reads an archive. Whoever has sent it is not trusted with sizes.
public final class TarInput {
    private static final int LARGEST_EXTENSION = 1 << 20;

    private final InputStream in;
    private long left;
    private int padding;
    private SparseMap map = SparseMap.dense(0);

    public TarInput(InputStream in) {
        this.in = in;
    }

    /// The next member, or null at the end. What was not read of the last one is skipped.
    public @Nullable TarMember next() throws IOException {
        in.skipNBytes(left + padding);
        left = 0;
        padding = 0;
        Map<String, String> records = new HashMap<>();
        while (true) {
            byte[] block = in.readNBytes(TarOutput.BLOCK);
            if (block.length == 0 || isZero(block)) {
                return null;
            }
            if (block.length < TarOutput.BLOCK) {
                throw new EOFException("archive ends within a header");
            }
            checkSum(block);
            long size = number(block, 124, 12);
            switch (block[156]) {
                case 'x' -> records.putAll(records(extension(size)));
                case 'g' -> extension(size);
                case 'L' -> records.put("path", name(extension(size)));
                case 'K' -> records.put("linkpath", name(extension(size)));
                default -> {
                    return member(block, records);
                }
            }
        }
    }

    /// Where in the current member the bytes belong that [#read] gives next: what is between them is a hole.
    public long position() {
        return map.position();
    }

    /// The content of the current member, without its holes.
    ///
    /// @return how many bytes, which follow one another; -1 at the end
    public int read(byte[] buffer) throws IOException {
        if (left == 0) {
            return -1;
        }
        long _ = map.position();
        int count = in.read(buffer, 0, (int) Math.min(map.together(), buffer.length));
        if (count < 0) {
            throw new EOFException("archive ends within a file");
        }
        left -= count;
        map.advance(count);
        return count;
    }

    private TarMember member(byte[] block, Map<String, String> records) throws IOException {
        String prefix = text(block, 345, 155);
        String name = prefix.isEmpty() ? text(block, 0, 100) : prefix + "/" + text(block, 0, 100);
        TarMember.Type type = type(block[156], name);
        long size = type == TarMember.Type.FILE ? content(name, number(block, 124, 12), records) : 0;
        return new TarMember(
                records.getOrDefault("GNU.sparse.name", records.getOrDefault("path", name)),
                type,
                records.getOrDefault("linkpath", text(block, 157, 100)),
                (int) number(block, 100, 8) & 07777,
                new TarMember.Owner(number(block, 108, 8), number(block, 116, 8)),
                size,
                modified(records.get("mtime"), number(block, 136, 12)),
                new TarMember.Device((int) number(block, 329, 8), (int) number(block, 337, 8)));
    }

    /// Prepares to read a file.
    ///
    /// @return its size with its holes
    private long content(String name, long inHeader, Map<String, String> records) throws IOException {
        long stored = size(name, records.get("size"), inHeader);
        padding = TarOutput.padding(stored);
        if (!SparseMap.isIn(records)) {
            map = SparseMap.dense(stored);
            left = stored;
            return stored;
        }
        long size = size(name, records.get("GNU.sparse.realsize"), -1);
        map = SparseMap.read(in, size, stored);
        left = map.stored();
        return size;
    }

    private static long size(String name, @Nullable String record, long otherwise) throws IOException {
        try {
            long size = record == null ? otherwise : Long.parseLong(record);
            if (size >= 0) {
                return size;
            }
        } catch (NumberFormatException _) {
            // said below
        }
        throw new IOException("archive has a member \"" + name + "\" with a malformed size");
    }

    private static Instant modified(@Nullable String exact, long seconds) throws IOException {
        if (exact == null) {
            return Instant.ofEpochSecond(seconds);
        }
        try {
            BigDecimal time = new BigDecimal(exact);
            BigDecimal whole = time.setScale(0, RoundingMode.FLOOR);
            return Instant.ofEpochSecond(
                    whole.longValueExact(),
                    time.subtract(whole).movePointRight(9).longValue());
        } catch (ArithmeticException | NumberFormatException e) {
            throw new IOException("archive has a malformed time \"" + exact + "\"", e);
        }
    }

    private static TarMember.Type type(byte flag, String name) throws IOException {
        if (flag == 0 || flag == '7') {
            return name.endsWith("/") ? TarMember.Type.DIRECTORY : TarMember.Type.FILE;
        }
        for (TarMember.Type type : TarMember.Type.values()) {
            if (type.flag() == flag) {
                return type;
            }
        }
        throw new IOException("archive has a member \"" + name + "\" of the unknown type " + flag);
    }

    private byte[] extension(long size) throws IOException {
        if (size < 0 || size > LARGEST_EXTENSION) {
            throw new IOException("archive has an extended header of " + size + " bytes");
        }
        byte[] content = in.readNBytes((int) size);
        in.skipNBytes(TarOutput.padding(size));
        return content;
    }

    private static String name(byte[] content) {
        return text(content, 0, content.length);
    }

    private static Map<String, String> records(byte[] content) throws IOException {
        Map<String, String> records = new HashMap<>();
        int at = 0;
        while (at < content.length) {
            int blank = at;
            while (blank < content.length && content[blank] != ' ') {
                blank++;
            }
            int length = length(content, at, blank);
            String record = new String(content, blank + 1, length - (blank - at) - 2, StandardCharsets.UTF_8);
            int equals = record.indexOf('=');
            if (equals > 0) {
                records.put(record.substring(0, equals), record.substring(equals + 1));
            }
            at += length;
        }
        return records;
    }

    private static int length(byte[] content, int at, int blank) throws IOException {
        try {
            int length = Integer.parseInt(new String(content, at, blank - at, StandardCharsets.US_ASCII));
            if (length > blank - at + 2 && length <= content.length - at) {
                return length;
            }
        } catch (NumberFormatException _) {
            // said below
        }
        throw new IOException("archive has a malformed extended header");
    }

    private static void checkSum(byte[] block) throws IOException {
        int sum = 0;
        for (int i = 0; i < block.length; i++) {
            sum += i >= 148 && i < 156 ? ' ' : block[i] & 0xFF;
        }
        if (sum != number(block, 148, 8)) {
            throw new IOException("archive has a header with a wrong checksum");
        }
    }

    private static boolean isZero(byte[] block) {
        for (byte each : block) {
            if (each != 0) {
                return false;
            }
        }
        return true;
    }

    private static long number(byte[] block, int offset, int length) throws IOException {
        if ((block[offset] & 0x80) != 0) {
            long value = block[offset] & 0x3F;
            for (int i = 1; i < length; i++) {
                value = value << 8 | (block[offset + i] & 0xFF);
            }
            return value;
        }
        String digits = text(block, offset, length).strip();
        try {
            return digits.isEmpty() ? 0 : Long.parseLong(digits, 8);
        } catch (NumberFormatException e) {
            throw new IOException("archive has a malformed number \"" + digits + "\"", e);
        }
    }

    private static String text(byte[] block, int offset, int length) {
        int end = offset;
        while (end < offset + length && block[end] != 0) {
            end++;
        }
        return new String(block, offset, end - offset, StandardCharsets.UTF_8);
    }
}
