package dev.gantry.engine.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Walks the records of one log file forwards, also while it grows.
abstract sealed class RecordCursor implements AutoCloseable permits JsonCursor, LocalCursor {
    /// The end of what can be read.
    static final int DAMAGED = -1;

    private static final int CHUNK = 32 * 1024;

    private final FileChannel channel;
    private byte[] buffer = new byte[CHUNK];
    private long position;
    private long limit = Long.MAX_VALUE;
    private int start;
    private int end;

    RecordCursor(FileChannel channel, long offset) {
        this.channel = channel;
        this.position = offset;
    }

    /// Reads nothing behind an offset, until there is another limit.
    final void limit(long offset) {
        limit = offset;
    }

    /// Goes on elsewhere, where a record begins.
    final void restart(long offset) {
        position = offset;
        start = 0;
        end = 0;
    }

    /// The next record; null at the end of what is written so far. Damaged ones are skipped.
    @Nullable
    final LogRecord next() throws IOException {
        while (true) {
            int length = length(buffer, start, end);
            if (length == DAMAGED) {
                return null;
            }
            if (length == 0) {
                if (!fill()) {
                    return null;
                }
                continue;
            }
            int begin = start;
            start += length;
            LogRecord record = parse(buffer, begin, length);
            if (record != null) {
                return record;
            }
        }
    }

    /// The length of the record at the start; zero if it is not there in full, [#DAMAGED] if nothing says where it
    /// ends.
    abstract int length(byte[] bytes, int from, int to);

    /// Reads a record that is there in full; null where it is damaged, for example by a power cut.
    abstract @Nullable LogRecord parse(byte[] bytes, int offset, int length);

    /// The offset of the next record.
    final long offset() {
        return position - (end - start);
    }

    private boolean fill() throws IOException {
        if (start > 0) {
            System.arraycopy(buffer, start, buffer, 0, end - start);
            end -= start;
            start = 0;
        }
        if (end == buffer.length) {
            buffer = Arrays.copyOf(buffer, buffer.length * 2);
        }
        int wanted = (int) Math.min(buffer.length - end, limit - position);
        int read = wanted <= 0 ? 0 : channel.read(ByteBuffer.wrap(buffer, end, wanted), position);
        if (read <= 0) {
            return false;
        }
        position += read;
        end += read;
        return true;
    }

    @Override
    public final void close() throws IOException {
        channel.close();
    }
}
