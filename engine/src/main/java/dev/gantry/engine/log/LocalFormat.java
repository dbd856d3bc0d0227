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
        long offset = end(file, size);
        while (offset > 0 && missing > 0) {
            long length = lengthBefore(file, offset);
            if (length == 0) {
                // what is in front of the damage cannot be told apart from behind
                return new Backwards(offset, 0);
            }
            offset -= length;
            missing--;
        }
        return new Backwards(offset, missing);
    }

    /// Where the last record of the first so many bytes ends; behind a torn one it is looked for from the beginning.
    private static long end(FileChannel file, long size) throws IOException {
        return size == 0 || lengthBefore(file, size) > 0 ? size : walk(file, size);
    }

    /// The length of the record that ends here, with its frame; zero if none does.
    private static long lengthBefore(FileChannel file, long end) throws IOException {
        if (end <= FRAME) {
            return 0;
        }
        int length = lengthAt(file, end - Integer.BYTES);
        long start = end - FRAME - length;
        return length > 0 && start >= 0 && lengthAt(file, start) == length ? end - start : 0;
    }

    private static int lengthAt(FileChannel file, long offset) throws IOException {
        ByteBuffer length = ByteBuffer.allocate(Integer.BYTES);
        if (file.read(length, offset) < Integer.BYTES) {
            throw new IOException("log shrank while it was read");
        }
        return length.getInt(0);
    }

    /// From the beginning: within a file nothing says where a record begins.
    @Override
    public long since(FileChannel file, long size, Instant since) throws IOException {
        long end = end(file, size);
        // the cursors are not closed: the file stays open
        LogRecord last = new LocalCursor(file, backwards(file, end, 1).offset()).next();
        if (last == null || last.time().isBefore(since)) {
            return end;
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
        return walk(file, file.size());
    }

    private static long walk(FileChannel file, long size) throws IOException {
        var cursor = new LocalCursor(file, 0);
        cursor.limit(size);
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
