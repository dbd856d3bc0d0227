package dev.gantry.engine.log;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.gantry.engine.StreamType;
import dev.gantry.engine.config.ConfigJson;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/// Reads records of a json-file log.
final class JsonCursor extends RecordCursor {
    /// Bytes that were searched without finding a line feed.
    private int searched;

    JsonCursor(FileChannel channel, long offset) {
        super(channel, offset);
    }

    private record Line(
            @Nullable String log,
            @Nullable String stream,
            @JsonProperty("attrs") @Nullable Map<String, String> attributes,
            @Nullable String time) {}

    @Override
    int length(byte[] bytes, int from, int to) {
        for (int i = from + searched; i < to; i++) {
            if (bytes[i] == '\n') {
                searched = 0;
                return i + 1 - from;
            }
        }
        searched = to - from;
        return 0;
    }

    @Override
    @Nullable
    LogRecord parse(byte[] bytes, int offset, int length) {
        LogRecord usual = new JsonLine(bytes, offset, offset + length).parse();
        return usual == null ? parseAny(bytes, offset, length) : usual;
    }

    /// A line of whatever form.
    private static @Nullable LogRecord parseAny(byte[] json, int offset, int length) {
        try {
            Line line = ConfigJson.mapper().readValue(json, offset, length, Line.class);
            if (line == null || line.log == null || line.time == null) {
                return null;
            }
            StreamType stream = "stderr".equals(line.stream) ? StreamType.STDERR : StreamType.STDOUT;
            Instant time = Instant.parse(line.time);
            byte[] text = line.log.getBytes(StandardCharsets.UTF_8);
            return new LogRecord(stream, text, time, line.attributes == null ? Map.of() : line.attributes);
        } catch (JacksonException | DateTimeException _) {
            // a torn record is not worth the rest of the log
            return null;
        }
    }
}
