package dev.gantry.engine.log;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.gantry.engine.StreamType;
import dev.gantry.engine.config.ConfigJson;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/// One record of a log.
///
/// @param log a line with its line feed, or a piece of a long line without one
record LogRecord(StreamType stream, String log, Instant time, Map<String, String> attributes) {
    private record Line(
            @Nullable String log,
            @Nullable String stream,
            @JsonProperty("attrs") @Nullable Map<String, String> attributes,
            @Nullable String time) {}

    /// Reads a line; null where it is damaged, for example by a power cut.
    static @Nullable LogRecord parse(byte[] json, int offset, int length) {
        try {
            Line line = ConfigJson.mapper().readValue(json, offset, length, Line.class);
            if (line == null || line.log == null || line.time == null) {
                return null;
            }
            StreamType stream = "stderr".equals(line.stream) ? StreamType.STDERR : StreamType.STDOUT;
            Map<String, String> attributes = line.attributes == null ? Map.of() : line.attributes;
            return new LogRecord(stream, line.log, Instant.parse(line.time), attributes);
        } catch (JacksonException | DateTimeException _) {
            // a torn record is not worth the rest of the log
            return null;
        }
    }
}
