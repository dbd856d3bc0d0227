package dev.gantry.engine.log;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.gantry.engine.StreamType;
import dev.gantry.engine.config.ConfigJson;
import dev.gantry.engine.time.Timestamps;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/// One record of a json-file log: a JSON object on a line, exactly as Docker writes it.
///
/// @param log a line with its line feed, or a piece of a long line without one
record LogRecord(StreamType stream, String log, Instant time, Map<String, String> attributes) {
    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] REPLACEMENT = "\\ufffd".getBytes(StandardCharsets.US_ASCII);

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

    /// Appends a record.
    ///
    /// @param attributes a JSON object, or empty
    static void write(ByteArrayOutputStream out, StreamType stream, Text text, String attributes, Instant time) {
        ascii(out, "{\"log\":\"");
        escape(out, text);
        ascii(out, text.complete ? "\\n\",\"stream\":\"" : "\",\"stream\":\"");
        ascii(out, stream.label());
        ascii(out, "\",");
        if (!attributes.isEmpty()) {
            ascii(out, "\"attrs\":");
            out.writeBytes(attributes.getBytes(StandardCharsets.UTF_8));
            ascii(out, ",");
        }
        ascii(out, "\"time\":\"");
        ascii(out, Timestamps.nano(time));
        ascii(out, "\"}\n");
    }

    /// The bytes of a line: part of an array that is used only during the call.
    static final class Text {
        private final byte[] bytes;
        private final int offset;
        private final int length;
        private final boolean complete;

        /// @param complete whether a line feed follows
        Text(byte[] bytes, int offset, int length, boolean complete) {
            this.bytes = bytes;
            this.offset = offset;
            this.length = length;
            this.complete = complete;
        }
    }

    private static void ascii(ByteArrayOutputStream out, String text) {
        out.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
    }

    /// Go's escapes: `<`, `>` and `&` too, and the replacement character for what is not UTF-8.
    private static void escape(ByteArrayOutputStream out, Text text) {
        byte[] bytes = text.bytes;
        int i = text.offset;
        int end = text.offset + text.length;
        while (i < end) {
            int b = bytes[i] & 0xff;
            if (b < 0x80) {
                escapeAscii(out, b);
                i++;
                continue;
            }
            int length = Utf8.length(bytes, i, end);
            if (length == 0) {
                out.writeBytes(REPLACEMENT);
                i++;
            } else if (length == 3 && b == 0xe2 && bytes[i + 1] == (byte) 0x80 && (bytes[i + 2] & 0xfe) == 0xa8) {
                // U+2028 and U+2029 end a line in JavaScript
                ascii(out, bytes[i + 2] == (byte) 0xa8 ? "\\u2028" : "\\u2029");
                i += length;
            } else {
                out.write(bytes, i, length);
                i += length;
            }
        }
    }

    private static void escapeAscii(ByteArrayOutputStream out, int b) {
        switch (b) {
            case '"', '\\' -> {
                out.write('\\');
                out.write(b);
            }
            case '\n' -> ascii(out, "\\n");
            case '\r' -> ascii(out, "\\r");
            case '\t' -> ascii(out, "\\t");
            default -> {
                if (b < 0x20 || b == '<' || b == '>' || b == '&') {
                    ascii(out, "\\u00");
                    out.write(HEX[b >> 4]);
                    out.write(HEX[b & 0xf]);
                } else {
                    out.write(b);
                }
            }
        }
    }
}
