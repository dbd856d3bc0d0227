package dev.gantry.store.tar;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;

/// The header of one entry as it is written: the ustar block, and in front of it an extended header if it
/// needs one (POSIX pax, "pax Extended Header").
final class HeaderBlocks {
    private static final int NAME_LENGTH = 100;
    private static final long LARGEST_ID = 07777777;
    private static final long LARGEST_NUMBER = 077777777777L;
    private static final String XATTR = "SCHILY.xattr.";
    private static final int EXTENSION_MODE = 0644;

    private final TarEntry entry;
    private final long length;
    private final Map<String, byte[]> records = new TreeMap<>();

    /// @param length of what follows the header
    HeaderBlocks(TarEntry entry, long length) {
        this.entry = entry;
        this.length = length;
    }

    byte[] encoded() {
        byte[] block = block();
        ByteArrayOutputStream blocks = new ByteArrayOutputStream();
        if (!records.isEmpty()) {
            byte[] extension = extension();
            blocks.writeBytes(extensionBlock(extension.length));
            blocks.writeBytes(extension);
            blocks.writeBytes(new byte[(Header.BLOCK - extension.length % Header.BLOCK) % Header.BLOCK]);
        }
        blocks.writeBytes(block);
        return blocks.toByteArray();
    }

    private byte[] block() {
        byte[] block = new byte[Header.BLOCK];
        put(block, 0, name());
        number(block, 100, 8, entry.mode());
        number(block, 108, 8, fitting("uid", entry.owner().uid(), LARGEST_ID));
        number(block, 116, 8, fitting("gid", entry.owner().gid(), LARGEST_ID));
        number(block, 124, 12, fitting("size", length, LARGEST_NUMBER));
        number(block, 136, 12, seconds());
        block[156] = (byte) type(entry.type());
        put(block, 157, text("linkpath", entry.linkName()));
        if (entry.type() == TarEntry.Type.CHARACTER_DEVICE || entry.type() == TarEntry.Type.BLOCK_DEVICE) {
            number(block, 329, 8, entry.device().major());
            number(block, 337, 8, entry.device().minor());
        }
        entry.xattrs().forEach((name, value) -> records.put(XATTR + name, value.value()));
        return sealed(block);
    }

    /// Sparse files are in format 1.0 of GNU tar (its manual, "PAX Format, Version 1.0").
    private byte[] name() {
        String name = entry.name();
        if (entry.type() == TarEntry.Type.DIRECTORY && !name.endsWith("/")) {
            name += "/";
        }
        if (!entry.isSparse()) {
            return text("path", name);
        }
        records.put("GNU.sparse.major", ascii("1"));
        records.put("GNU.sparse.minor", ascii("0"));
        records.put("GNU.sparse.name", Names.encode(name));
        records.put("GNU.sparse.realsize", ascii(Long.toString(entry.size())));
        return ascii("GNUSparseFile.0");
    }

    private byte[] text(String key, String value) {
        byte[] bytes = Names.encode(value);
        if (bytes.length <= NAME_LENGTH && isAscii(bytes)) {
            return bytes;
        }
        records.put(key, bytes);
        return new byte[0];
    }

    private static boolean isAscii(byte[] bytes) {
        for (byte each : bytes) {
            if (each < 0) {
                return false;
            }
        }
        return true;
    }

    private long fitting(String key, long value, long largest) {
        if (value <= largest) {
            return value;
        }
        records.put(key, ascii(Long.toString(value)));
        return 0;
    }

    private long seconds() {
        Instant time = entry.modified();
        long seconds = time.getEpochSecond();
        int nanos = time.getNano();
        boolean fits = seconds >= 0 && seconds <= LARGEST_NUMBER;
        if (!fits || nanos != 0) {
            records.put("mtime", ascii(decimal(seconds, nanos)));
        }
        return fits ? seconds : 0;
    }

    /// Of a time before 1970 the fraction counts the other way round.
    private static String decimal(long seconds, int nanos) {
        if (nanos == 0) {
            return Long.toString(seconds);
        }
        boolean negative = seconds < 0;
        String whole = (negative ? "-" : "") + Math.abs(negative ? seconds + 1 : seconds);
        String fraction = "%09d".formatted(negative ? 1_000_000_000 - nanos : nanos);
        return whole + "." + fraction.replaceFirst("0+$", "");
    }

    private static char type(TarEntry.Type type) {
        return switch (type) {
            case FILE -> '0';
            case HARD_LINK -> '1';
            case SYMLINK -> '2';
            case CHARACTER_DEVICE -> '3';
            case BLOCK_DEVICE -> '4';
            case DIRECTORY -> '5';
            case FIFO -> '6';
        };
    }

    private byte[] extension() {
        ByteArrayOutputStream extension = new ByteArrayOutputStream();
        records.forEach((key, value) -> {
            byte[] name = key.getBytes(StandardCharsets.UTF_8);
            int rest = name.length + value.length + 3; // blank, equals sign, line feed
            int total = rest + Integer.toString(rest).length();
            if (Integer.toString(total).length() != Integer.toString(rest).length()) {
                total++;
            }
            extension.writeBytes(ascii(total + " "));
            extension.writeBytes(name);
            extension.write('=');
            extension.writeBytes(value);
            extension.write('\n');
        });
        return extension.toByteArray();
    }

    private static byte[] extensionBlock(int length) {
        byte[] block = new byte[Header.BLOCK];
        put(block, 0, ascii("PaxHeaders.0"));
        number(block, 100, 8, EXTENSION_MODE);
        number(block, 108, 8, 0);
        number(block, 116, 8, 0);
        number(block, 124, 12, length);
        number(block, 136, 12, 0);
        block[156] = 'x';
        return sealed(block);
    }

    private static byte[] sealed(byte[] block) {
        put(block, 257, ascii("ustar\00000"));
        put(block, 148, ascii("        "));
        int sum = 0;
        for (byte each : block) {
            sum += each & 0xFF;
        }
        put(block, 148, ascii("%06o\0 ".formatted(sum)));
        return block;
    }

    private static void number(byte[] block, int offset, int length, long value) {
        put(block, offset, ascii(("%0" + (length - 1) + "o").formatted(value)));
    }

    private static void put(byte[] block, int offset, byte[] value) {
        System.arraycopy(value, 0, block, offset, value.length);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
