package dev.gantry.engine.log;

import dev.gantry.engine.StreamType;
import dev.gantry.engine.time.Timestamps;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

/// The format of json-file: each record a JSON object on a line, exactly as Docker writes it. The last one of a
/// write has one member more, which Docker's readers pass over: the [JournalMark].
record JsonFormat(String attributes) implements LogFormat {
    /// @param attributes a JSON object for each record, or empty
    JsonFormat {
        attributes = attributes.isEmpty() ? "" : "\"attrs\":" + attributes + ",";
    }

    @Override
    public RecordBatch batch(StreamType stream, Instant time, int capacity) {
        String tail = "\",\"stream\":\"" + stream.label() + "\"," + attributes + "\"time\":\"" + Timestamps.nano(time);
        byte[] bytes = tail.getBytes(StandardCharsets.UTF_8);
        return new JsonBatch(new RecordBuffer(capacity + capacity / 2 + 2 * bytes.length + JournalMark.LONGEST), bytes);
    }

    @Override
    public RecordCursor cursor(FileChannel file, long offset) {
        return new JsonCursor(file, offset);
    }

    @Override
    public Backwards backwards(FileChannel file, long size, long wanted) throws IOException {
        return JsonSearch.backwards(file, size, wanted);
    }

    @Override
    public long since(FileChannel file, long size, Instant since) throws IOException {
        return JsonSearch.bisect(file, JsonSearch.lastLineFeed(file, size) + 1, since);
    }

    @Override
    public long wholeEnd(FileChannel file) throws IOException {
        return JsonSearch.lastLineFeed(file, file.size()) + 1;
    }

    @Override
    public Marked lastMark(FileChannel file) throws IOException {
        return JsonSearch.lastMark(file);
    }
}
