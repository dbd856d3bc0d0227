package dev.gantry.engine.log;

import dev.gantry.engine.StreamType;
import dev.gantry.engine.time.Timestamps;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

/// Writes records of a json-file log: each a JSON object on a line, exactly as Docker writes it. The last one of a
/// write
/// has one member more, which Docker's readers pass over: the [JournalMark].
final class JsonRecords {
    private static final byte[] HEX = ascii("0123456789abcdef");
    private static final byte[] BEGIN = ascii("{\"log\":\"");
    private static final byte[] LINE_FEED = ascii("\\n");
    private static final byte[] END = ascii("\"}\n");
    private static final byte[] REPLACEMENT = ascii("\\ufffd");
    private static final boolean[] PLAIN = plain();

    private final String attributes;

    /// @param attributes a JSON object for each record, or empty
    JsonRecords(String attributes) {
        this.attributes = attributes.isEmpty() ? "" : "\"attrs\":" + attributes + ",";
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /// The bytes that stand for themselves: Go escapes `<`, `>` and `&`, too.
    private static boolean[] plain() {
        boolean[] plain = new boolean[256];
        for (int i = 0x20; i < 0x80; i++) {
            plain[i] = "\"\\<>&".indexOf(i) < 0;
        }
        return plain;
    }

    /// What follows the text of each record of a write.
    byte[] tail(StreamType stream, Instant time) {
        String text = "\",\"stream\":\"" + stream.label() + "\"," + attributes + "\"time\":\"" + Timestamps.nano(time);
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /// Begins a record with the text up to a line feed, or to the limit.
    ///
    /// @return where it has stopped
    int begin(RecordBuffer out, byte[] bytes, int start, int limit) {
        out.put(BEGIN);
        int i = start;
        while (i < limit) {
            int run = i;
            while (i < limit && PLAIN[bytes[i] & 0xff]) {
                i++;
            }
            out.put(bytes, run, i - run);
            if (i == limit || bytes[i] == '\n') {
                return i;
            }
            i = bytes[i] < 0 ? other(out, bytes, i, limit) : escaped(out, bytes, i);
        }
        return i;
    }

    /// Ends a record.
    ///
    /// @param complete whether a line feed follows the text
    void end(RecordBuffer out, boolean complete, byte[] tail) {
        if (complete) {
            out.put(LINE_FEED);
        }
        out.put(tail);
        out.put(END);
    }

    /// Adds a mark to the last record.
    void mark(RecordBuffer out, JournalMark mark) {
        out.size(out.size() - END.length);
        out.ascii("\",\"journal\":\"" + mark.text());
        out.put(END);
    }

    /// A sequence of UTF-8; the replacement character for what is none.
    private static int other(RecordBuffer out, byte[] bytes, int i, int limit) {
        int length = Utf8.length(bytes, i, limit);
        if (length == 0) {
            out.put(REPLACEMENT);
            return i + 1;
        } else if (length == 3
                && bytes[i] == (byte) 0xe2
                && bytes[i + 1] == (byte) 0x80
                && (bytes[i + 2] & 0xfe) == 0xa8) {
            // U+2028 and U+2029 end a line in JavaScript
            out.ascii(bytes[i + 2] == (byte) 0xa8 ? "\\u2028" : "\\u2029");
        } else {
            out.put(bytes, i, length);
        }
        return i + length;
    }

    private static int escaped(RecordBuffer out, byte[] bytes, int i) {
        int b = bytes[i];
        out.put('\\');
        switch (b) {
            case '"', '\\' -> out.put(b);
            case '\r' -> out.put('r');
            case '\t' -> out.put('t');
            default -> {
                out.ascii("u00");
                out.put(HEX[b >> 4]);
                out.put(HEX[b & 0xf]);
            }
        }
        return i + 1;
    }
}
