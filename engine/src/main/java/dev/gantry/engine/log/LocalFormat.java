package dev.gantry.engine.log;

import dev.gantry.engine.StreamType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.time.Instant;

/// The format of Docker's driver `local`: each record a protocol buffer between its length and its length, four bytes,
/// big end first.
///
/// ```text
///  1 source: string   2 time_nano: int64   3 line: bytes   4 partial: bool   5 partial_log_metadata: message
///  100 journal: string, of ours: the JournalMark; Docker's readers pass over it
/// ```
///
/// A line without line feed is partial, and the rest of a long line is not: what follows it is its line feed.
record LocalFormat() implements LogFormat {
    /// The lengths around a record.
    static final int FRAME = 2 * Integer.BYTES;

    static final int SOURCE = 1;
    static final int TIME = 2;
    static final int LINE = 3;
    static final int PARTIAL = 4;
    static final int PARTIAL_METADATA = 5;
    static final int JOURNAL = 100;

    /// What surrounds a line.
    private static final int OVERHEAD = 40;

    @Override
    public RecordBatch batch(StreamType stream, Instant time, int capacity) {
        return new LocalBatch(new RecordBuffer(capacity + capacity / 2 + OVERHEAD + JournalMark.LONGEST), stream, time);
    }

    @Override
    public RecordCursor cursor(FileChannel file, long offset) {
        return new LocalCursor(file, offset);
    }

    @Override
    public Backwards backwards(FileChannel file, long size, long wanted) throws IOException {
        long missing = wanted;
        long offset = size;
        while (offset >= FRAME && missing > 0) {
            offset -= lengthBefore(file, offset) + FRAME;
            missing--;
        }
        return new Backwards(Math.max(0, offset), missing);
    }

    private static int lengthBefore(FileChannel file, long end) throws IOException {
        ByteBuffer length = ByteBuffer.allocate(Integer.BYTES);
        if (file.read(length, end - Integer.BYTES) < Integer.BYTES) {
            throw new IOException("log shrank while it was read");
        }
        return length.getInt(0);
    }

    /// From the beginning: within a file nothing says where a record begins.
    @Override
    public long since(FileChannel file, Instant since) throws IOException {
        long size = file.size();
        // the cursors are not closed: the file stays open
        LogRecord last = new LocalCursor(file, backwards(file, size, 1).offset()).next();
        if (last == null || last.time().isBefore(since)) {
            return size;
        }
        var cursor = new LocalCursor(file, 0);
        long offset = 0;
        for (LogRecord next = cursor.next(); next != null && next.time().isBefore(since); next = cursor.next()) {
            offset = cursor.offset();
        }
        return offset;
    }

    @Override
    public long wholeEnd(FileChannel file) throws IOException {
        var cursor = new LocalCursor(file, 0);
        LogRecord next = cursor.next();
        while (next != null) {
            next = cursor.next();
        }
        return cursor.offset();
    }

    @Override
    public Marked lastMark(FileChannel file) throws IOException {
        var cursor = new LocalCursor(file, 0);
        Marked found = Marked.NONE;
        for (LogRecord next = cursor.next(); next != null; next = cursor.next()) {
            JournalMark mark = cursor.mark();
            if (mark != null) {
                found = new Marked(mark, cursor.offset());
            }
        }
        return found;
    }
}
