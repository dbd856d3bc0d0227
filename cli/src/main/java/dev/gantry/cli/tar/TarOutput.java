package dev.gantry.cli.tar;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;

/// Writes an archive.
public final class TarOutput {
    static final int BLOCK = 512;

    private static final int NAME_LENGTH = 100;
    private static final long LARGEST_ID = 07777777;
    private static final long LARGEST_NUMBER = 077777777777L;
    private static final int BUFFER = 128 << 10;

    private final OutputStream out;

    public TarOutput(OutputStream out) {
        this.out = out;
    }

    /// Writes a member. A file that has become shorter is filled up with zeros, of a longer one the end is
    /// left out.
    public void add(TarMember member, InputStream content) throws IOException {
        Map<String, String> records = new TreeMap<>();
        byte[] header = header(member, records);
        if (!records.isEmpty()) {
            byte[] extension = extension(records);
            out.write(block("PaxHeaders.0", 'x', extension.length));
            write(extension);
        }
        out.write(header);
        byte[] buffer = new byte[BUFFER];
        for (long left = member.size(); left > 0; ) {
            int count = content.readNBytes(buffer, 0, (int) Math.min(left, BUFFER));
            if (count == 0) {
                count = (int) Math.min(left, BUFFER);
                out.write(new byte[count]);
            } else {
                out.write(buffer, 0, count);
            }
            left -= count;
        }
        out.write(new byte[padding(member.size())]);
    }

    /// Ends the archive.
    public void finish() throws IOException {
        out.write(new byte[2 * BLOCK]);
        out.flush();
    }

    private void write(byte[] bytes) throws IOException {
        out.write(bytes);
        out.write(new byte[padding(bytes.length)]);
    }

    static int padding(long length) {
        return (int) ((BLOCK - length % BLOCK) % BLOCK);
    }

    private static byte[] header(TarMember member, Map<String, String> records) {
        byte[] block = block(
                text(records, "path", member.name()),
                member.type().flag(),
                fitting(records, "size", member.size(), LARGEST_NUMBER));
        number(block, 100, 8, member.mode());
        number(block, 108, 8, fitting(records, "uid", member.owner().uid(), LARGEST_ID));
        number(block, 116, 8, fitting(records, "gid", member.owner().gid(), LARGEST_ID));
        number(block, 136, 12, seconds(records, member.modified()));
        put(block, 157, text(records, "linkpath", member.link()));
        number(block, 329, 8, member.device().major());
        number(block, 337, 8, member.device().minor());
        return summed(block);
    }

    private static byte[] block(String name, char type, long length) {
        byte[] block = new byte[BLOCK];
        put(block, 0, name);
        for (int field : new int[] {100, 108, 116}) {
            number(block, field, 8, 0);
        }
        number(block, 124, 12, length);
        number(block, 136, 12, 0);
        block[156] = (byte) type;
        put(block, 257, "ustar\00000");
        return summed(block);
    }

    private static byte[] summed(byte[] block) {
        put(block, 148, "        ");
        int sum = 0;
        for (byte each : block) {
            sum += each & 0xFF;
        }
        put(block, 148, "%06o\0 ".formatted(sum));
        return block;
    }

    private static String text(Map<String, String> records, String key, String value) {
        boolean plain = value.length() <= NAME_LENGTH && value.chars().allMatch(c -> c < 0x80);
        if (!plain) {
            records.put(key, value);
        }
        return plain ? value : "";
    }

    private static long fitting(Map<String, String> records, String key, long value, long largest) {
        if (value <= largest) {
            return value;
        }
        records.put(key, Long.toString(value));
        return 0;
    }

    private static long seconds(Map<String, String> records, Instant time) {
        long seconds = time.getEpochSecond();
        int nanos = time.getNano();
        boolean fits = seconds >= 0 && seconds <= LARGEST_NUMBER;
        if (!fits) {
            records.put("mtime", Long.toString(seconds));
        } else if (nanos != 0) {
            records.put("mtime", seconds + ".%09d".formatted(nanos));
        }
        return fits ? seconds : 0;
    }

    private static byte[] extension(Map<String, String> records) {
        ByteArrayOutputStream extension = new ByteArrayOutputStream();
        records.forEach((key, value) -> {
            byte[] record = (" " + key + "=" + value + "\n").getBytes(StandardCharsets.UTF_8);
            int digits = Integer.toString(record.length).length();
            int total = record.length + digits;
            if (Integer.toString(total).length() > digits) {
                total++;
            }
            extension.writeBytes(Integer.toString(total).getBytes(StandardCharsets.US_ASCII));
            extension.writeBytes(record);
        });
        return extension.toByteArray();
    }

    private static void number(byte[] block, int offset, int length, long value) {
        put(block, offset, ("%0" + (length - 1) + "o").formatted(value));
    }

    private static void put(byte[] block, int offset, String ascii) {
        byte[] bytes = ascii.getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(bytes, 0, block, offset, bytes.length);
    }
}
