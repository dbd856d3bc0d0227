package dev.gantry.engine.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// Finds places in a json-file log without reading all of it.
final class JsonSearch {
    /// What a mark follows in a record; quotes of the output are escaped, and attributes come before the time.
    static final String MARK = "\",\"journal\":\"";

    private static final String END = "\"}\n";
    private static final int BLOCK = 64 * 1024;
    /// Bytes that the end of a record with a mark takes at most.
    private static final int REACH = MARK.length() + JournalMark.LONGEST + END.length();

    private JsonSearch() {}

    /// A record begins after each line feed but the last, and what follows that one is none.
    static LogFormat.Backwards backwards(FileChannel channel, long size, long wanted) throws IOException {
        long found = 0;
        long end = size;
        while (end > 0) {
            long start = Math.max(0, end - BLOCK);
            byte[] block = read(channel, start, (int) (end - start));
            for (int i = block.length - 1; i >= 0; i--) {
                if (block[i] == '\n' && found++ == wanted) {
                    return new LogFormat.Backwards(start + i + 1, 0);
                }
            }
            end = start;
        }
        return new LogFormat.Backwards(0, wanted - found);
    }

    /// The first record at or after a time.
    ///
    /// @param end of the last record
    static long bisect(FileChannel channel, long end, Instant since) throws IOException {
        long low = 0;
        long high = end;
        while (low < high) {
            long middle = (low + high) >>> 1;
            long start = middle == 0 ? 0 : lineAfter(channel, middle - 1);
            Instant time = start < high ? timeAt(channel, start) : null;
            if (time != null && time.isBefore(since)) {
                low = lineAfter(channel, start);
            } else {
                high = middle;
            }
        }
        return low;
    }

    private static @Nullable Instant timeAt(FileChannel channel, long offset) throws IOException {
        // the channel stays open: the cursor is not closed
        LogRecord next = new JsonCursor(channel, offset).next();
        return next == null ? null : next.time();
    }

    /// The offset behind the first line feed at or after this one.
    private static long lineAfter(FileChannel channel, long offset) throws IOException {
        ByteBuffer block = ByteBuffer.allocate(4096);
        long position = offset;
        while (true) {
            block.clear();
            int read = channel.read(block, position);
            if (read <= 0) {
                return channel.size();
            }
            for (int i = 0; i < read; i++) {
                if (block.get(i) == '\n') {
                    return position + i + 1;
                }
            }
            position += read;
        }
    }

    /// The last mark, read backwards.
    static LogFormat.Marked lastMark(FileChannel file) throws IOException {
        for (long end = file.size(); end > 0; end -= BLOCK) {
            int length = (int) Math.min(BLOCK, end);
            byte[] block = read(file, end - length, length);
            for (int i = length - 1; i >= 0; i--) {
                long after = end - length + i + 1;
                JournalMark mark = block[i] == '\n' ? markBefore(file, after) : null;
                if (mark != null) {
                    return new LogFormat.Marked(mark, after);
                }
            }
        }
        return LogFormat.Marked.NONE;
    }

    private static @Nullable JournalMark markBefore(FileChannel file, long end) throws IOException {
        int length = (int) Math.min(REACH, end);
        byte[] block = read(file, end - length, length);
        if (length == REACH && block[length - 1 - END.length()] == 'Z') {
            // a time, as in most records
            return null;
        }
        String text = new String(block, StandardCharsets.ISO_8859_1);
        int member = text.lastIndexOf(MARK);
        // quotes of the output are escaped, and attributes come before the time
        return member >= 0 && text.endsWith(END)
                ? JournalMark.parse(text.substring(member + MARK.length(), length - END.length()))
                : null;
    }

    /// The position of the last line feed before a position; -1 if there is none.
    static long lastLineFeed(FileChannel file, long before) throws IOException {
        long end = before;
        while (end > 0) {
            int length = (int) Math.min(BLOCK, end);
            byte[] block = read(file, end - length, length);
            for (int i = length - 1; i >= 0; i--) {
                if (block[i] == '\n') {
                    return end - length + i;
                }
            }
            end -= length;
        }
        return -1;
    }

    private static byte[] read(FileChannel file, long position, int length) throws IOException {
        byte[] bytes = new byte[length];
        ByteBuffer block = ByteBuffer.wrap(bytes);
        while (block.hasRemaining()) {
            if (file.read(block, position + block.position()) < 0) {
                throw new IOException("log shrank while it was read");
            }
        }
        return bytes;
    }
}
