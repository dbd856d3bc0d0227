package dev.gantry.engine.log;

import dev.gantry.engine.StreamType;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// How records lie in a file.
sealed interface LogFormat permits JsonFormat, LocalFormat {
    /// Begins a write.
    ///
    /// @param capacity of output that is expected
    RecordBatch batch(StreamType stream, Instant time, int capacity);

    /// Walks the records from an offset on, at which one begins.
    RecordCursor cursor(FileChannel file, long offset);

    /// Looks for the beginning of the last so many records of the first so many bytes. What is not there in full at the
    /// end of them is none.
    Backwards backwards(FileChannel file, long size, long wanted) throws IOException;

    /// Where the first record at or after a time begins, or one of a few before it; where the last record of the first
    /// so many bytes ends if there is none.
    long since(FileChannel file, long size, Instant since) throws IOException;

    /// Where the last record that is there in full ends.
    long wholeEnd(FileChannel file) throws IOException;

    /// The last mark, and where the record that carries it ends.
    Marked lastMark(FileChannel file) throws IOException;

    /// What was found in one file.
    ///
    /// @param missing records that are still to be found in older files
    record Backwards(long offset, long missing) {}

    /// What was found in one file.
    ///
    /// @param mark null if there is none: then the end is zero
    record Marked(@Nullable JournalMark mark, long end) {
        static final Marked NONE = new Marked(null, 0);
    }
}
