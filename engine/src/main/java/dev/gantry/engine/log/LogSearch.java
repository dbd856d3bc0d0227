package dev.gantry.engine.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Finds where to begin reading without reading what comes before: backwards for a tail, by bisection for a time.
final class LogSearch {
    private static final int BLOCK = 64 * 1024;

    private final LogFiles files;

    LogSearch(LogFiles files) {
        this.files = files;
    }

    /// The beginning of the last so many records.
    LogFiles.Position tail(int records) throws IOException {
        List<Long> numbers = files.numbers();
        if (numbers.isEmpty()) {
            return new LogFiles.Position(0, 0);
        }
        long missing = records;
        for (long number : numbers.reversed()) {
            try (FileChannel channel = files.open(number)) {
                if (channel == null) {
                    continue;
                }
                long size = channel.size();
                if (missing == 0) {
                    return new LogFiles.Position(number, size);
                }
                Backwards found = backwards(channel, size, missing);
                if (found.missing == 0) {
                    return new LogFiles.Position(number, found.offset);
                }
                missing = found.missing;
            }
        }
        return new LogFiles.Position(numbers.getFirst(), 0);
    }

    private record Backwards(long offset, long missing) {}

    /// A record begins after each line feed but the last.
    private static Backwards backwards(FileChannel channel, long size, long wanted) throws IOException {
        long missing = wanted;
        ByteBuffer block = ByteBuffer.allocate(BLOCK);
        long end = size;
        while (end > 0) {
            long start = Math.max(0, end - BLOCK);
            block.clear().limit((int) (end - start));
            read(channel, block, start);
            for (int i = block.limit() - 1; i >= 0; i--) {
                long offset = start + i;
                if (block.get(i) == '\n' && offset != size - 1 && --missing == 0) {
                    return new Backwards(offset + 1, 0);
                }
            }
            end = start;
        }
        return new Backwards(0, size > 0 ? missing - 1 : missing);
    }

    /// The first record at or after a time, or at most a few before it.
    LogFiles.Position since(Instant since) throws IOException {
        LogFiles.Position position = new LogFiles.Position(0, 0);
        for (long number : files.numbers()) {
            try (FileChannel channel = files.open(number)) {
                if (channel == null) {
                    continue;
                }
                long offset = bisect(channel, since);
                position = new LogFiles.Position(number, offset);
                if (offset < channel.size()) {
                    return position;
                }
            }
        }
        return position;
    }

    private static long bisect(FileChannel channel, Instant since) throws IOException {
        long low = 0;
        long high = channel.size();
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
        LogRecord next = new RecordCursor(channel, offset).next();
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

    private static void read(FileChannel channel, ByteBuffer block, long offset) throws IOException {
        while (block.hasRemaining()) {
            if (channel.read(block, offset + block.position()) < 0) {
                throw new IOException("log shrank while it was read");
            }
        }
    }
}
