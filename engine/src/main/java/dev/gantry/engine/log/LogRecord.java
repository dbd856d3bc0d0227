package dev.gantry.engine.log;

import dev.gantry.engine.StreamType;
import java.time.Instant;
import java.util.Map;

/// One record of a log, as it was read.
final class LogRecord {
    private final StreamType stream;
    private final byte[] text;
    private final Instant time;
    private final Map<String, String> attributes;

    /// @param text a line with its line feed, or a piece of a long line without one; not changed any more
    LogRecord(StreamType stream, byte[] text, Instant time, Map<String, String> attributes) {
        this.stream = stream;
        this.text = text;
        this.time = time;
        this.attributes = attributes;
    }

    StreamType stream() {
        return stream;
    }

    byte[] text() {
        return text;
    }

    Instant time() {
        return time;
    }

    Map<String, String> attributes() {
        return attributes;
    }
}
