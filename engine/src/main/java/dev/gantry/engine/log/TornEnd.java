package dev.gantry.engine.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// Cuts what a write that was cut short has left at the end of a log.
final class TornEnd {
    private static final int BLOCK = 64 * 1024;
    private static final String MEMBER = "\",\"journal\":\"";
    private static final String END = "\"}\n";
    /// Bytes that the end of a record with a mark takes at most.
    private static final int REACH = MEMBER.length() + JournalMark.LONGEST + END.length();

    private TornEnd() {}

    /// Cuts a last line that has no line feed.
    static void cutLine(FileChannel file) throws IOException {
        long size = file.size();
        if (size > 0 && read(file, size - 1, 1)[0] != '\n') {
            file.truncate(lastLineFeed(file, size) + 1);
        }
    }

    /// Cuts what follows the last record with a mark.
    ///
    /// @return that mark; null when there has never been one
    static @Nullable JournalMark cutWrite(LogFiles files, FileChannel current) throws IOException {
        Marked found = lastMark(current);
        current.truncate(found.end);
        // the write that made this file is here in full or not at all, so the one before may be in the next older
        for (long number : files.numbers().reversed()) {
            if (found.mark != null) {
                break;
            }
            try (FileChannel older = files.open(number)) {
                found = older == null ? found : lastMark(older);
            }
        }
        return found.mark;
    }

    private record Marked(@Nullable JournalMark mark, long end) {}

    private static Marked lastMark(FileChannel file) throws IOException {
        for (long end = file.size(); end > 0; end -= BLOCK) {
            int length = (int) Math.min(BLOCK, end);
            byte[] block = read(file, end - length, length);
            for (int i = length - 1; i >= 0; i--) {
                long after = end - length + i + 1;
                JournalMark mark = block[i] == '\n' ? markBefore(file, after) : null;
                if (mark != null) {
                    return new Marked(mark, after);
                }
            }
        }
        return new Marked(null, 0);
    }

    private static @Nullable JournalMark markBefore(FileChannel file, long end) throws IOException {
        int length = (int) Math.min(REACH, end);
        byte[] block = read(file, end - length, length);
        if (length == REACH && block[length - 1 - END.length()] == 'Z') {
            // a time, as in most records
            return null;
        }
        String text = new String(block, StandardCharsets.ISO_8859_1);
        int member = text.lastIndexOf(MEMBER);
        // quotes of the output are escaped, and attributes come before the time
        return member >= 0 && text.endsWith(END)
                ? JournalMark.parse(text.substring(member + MEMBER.length(), length - END.length()))
                : null;
    }

    /// The position of the last line feed before a position; -1 if there is none.
    private static long lastLineFeed(FileChannel file, long before) throws IOException {
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
