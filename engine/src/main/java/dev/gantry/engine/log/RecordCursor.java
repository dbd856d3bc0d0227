package dev.gantry.engine.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Walks the records of one log file forwards, also while it grows.
final class RecordCursor implements AutoCloseable {
    private static final int CHUNK = 32 * 1024;

    private final FileChannel channel;
    private byte[] buffer = new byte[CHUNK];
    private long position;
    private int start;
    private int end;

    RecordCursor(FileChannel channel, long offset) {
        this.channel = channel;
        this.position = offset;
    }

    /// The next record; null at the end of what is written so far. Damaged ones are skipped.
    @Nullable
    LogRecord next() throws IOException {
        int scanned = start;
        while (true) {
            for (int i = scanned; i < end; i++) {
                if (buffer[i] == '\n') {
                    LogRecord parsed = LogRecord.parse(buffer, start, i - start);
                    start = i + 1;
                    if (parsed != null) {
                        return parsed;
                    }
                }
            }
            scanned = end - start;
            if (!fill()) {
                return null;
            }
            scanned += start;
        }
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
        int read = channel.read(ByteBuffer.wrap(buffer, end, buffer.length - end), position);
        if (read <= 0) {
            return false;
        }
        position += read;
        end += read;
        return true;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
