package dev.gantry.engine.log;

import dev.gantry.engine.StreamType;
import dev.gantry.engine.time.Timestamps;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Reads the lines that [JsonBatch] and dockerd write, several times as fast as a JSON parser does; it knows nothing
/// else, no attributes and no spaces, and gives up where it meets it.
final class JsonLine {
    private static final byte[] BEGIN = ascii("{\"log\":\"");
    private static final byte[] STDOUT = ascii("\",\"stream\":\"stdout\",\"time\":\"");
    private static final byte[] STDERR = ascii("\",\"stream\":\"stderr\",\"time\":\"");
    private static final byte[] END = ascii("\"}\n");
    private static final byte[] MARK = ascii(JsonSearch.MARK);

    private final byte[] bytes;
    private final int end;
    private int at;

    JsonLine(byte[] bytes, int start, int end) {
        this.bytes = bytes;
        this.at = start;
        this.end = end;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    @Nullable
    LogRecord parse() {
        if (!skip(BEGIN)) {
            return null;
        }
        byte[] text = text();
        if (text == null) {
            return null;
        }
        StreamType stream = skip(STDOUT) ? StreamType.STDOUT : skip(STDERR) ? StreamType.STDERR : null;
        Instant time = stream == null ? null : time();
        return time == null || stream == null ? null : new LogRecord(stream, text, time, Map.of());
    }

    private boolean skip(byte[] expected) {
        if (!Arrays.equals(bytes, at, Math.min(end, at + expected.length), expected, 0, expected.length)) {
            return false;
        }
        at += expected.length;
        return true;
    }

    /// The string that begins here, up to its quote.
    private byte @Nullable [] text() {
        int quote = at;
        int escapes = 0;
        while (quote < end && bytes[quote] != '"') {
            if (bytes[quote] == '\\') {
                escapes++;
                quote++;
            }
            quote++;
        }
        if (quote >= end) {
            return null;
        }
        byte[] text = new byte[quote - at - escapes];
        int length = unescape(text, at, quote);
        at = quote;
        if (length < 0) {
            return null;
        }
        return length == text.length ? text : Arrays.copyOf(text, length);
    }

    /// Takes the escapes out of a string; negative if there is one that is left to a parser.
    private int unescape(byte[] text, int from, int quote) {
        int length = 0;
        int i = from;
        while (i < quote) {
            if (bytes[i] != '\\') {
                text[length++] = bytes[i++];
                continue;
            }
            int plain = plain(bytes[i + 1]);
            int code = plain < 0 && bytes[i + 1] == 'u' && i + 5 < quote ? code(i + 2) : plain;
            if (code < 0) {
                return -1;
            }
            length = put(text, length, code);
            i += plain < 0 ? 6 : 2;
        }
        return length;
    }

    private static int plain(byte escaped) {
        return switch (escaped) {
            case '"', '\\', '/' -> escaped;
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'b' -> '\b';
            case 'f' -> '\f';
            default -> -1;
        };
    }

    /// A code unit of four digits; negative if it is half of a character.
    private int code(int from) {
        int code = 0;
        for (int i = from; i < from + 4; i++) {
            int digit = Character.digit(bytes[i], 16);
            if (digit < 0) {
                return -1;
            }
            code = (code << 4) | digit;
        }
        return code >= 0xd800 && code < 0xe000 ? -1 : code;
    }

    private static int put(byte[] text, int length, int code) {
        int at = length;
        if (code < 0x80) {
            text[at++] = (byte) code;
        } else if (code < 0x800) {
            text[at++] = (byte) (0xc0 | (code >> 6));
            text[at++] = (byte) (0x80 | (code & 0x3f));
        } else {
            text[at++] = (byte) (0xe0 | (code >> 12));
            text[at++] = (byte) (0x80 | ((code >> 6) & 0x3f));
            text[at++] = (byte) (0x80 | (code & 0x3f));
        }
        return at;
    }

    /// The time that begins here; null if it or what follows is not as expected.
    private @Nullable Instant time() {
        int from = at;
        int quote = at;
        while (quote < end && bytes[quote] != '"') {
            quote++;
        }
        at = quote;
        if (skip(MARK)) {
            while (at < end && bytes[at] != '"') {
                at++;
            }
        }
        return skip(END) ? Timestamps.read(bytes, from, quote) : null;
    }
}
