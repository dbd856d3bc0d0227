package dev.gantry.engine.log;

import java.nio.charset.StandardCharsets;

/// Writes records of a json-file log.
final class JsonBatch extends RecordBatch {
    private static final byte[] HEX = ascii("0123456789abcdef");
    private static final byte[] BEGIN = ascii("{\"log\":\"");
    private static final byte[] LINE_FEED = ascii("\\n");
    private static final byte[] END = ascii("\"}\n");
    private static final byte[] REPLACEMENT = ascii("\\ufffd");
    private static final boolean[] PLAIN = plain();

    private final byte[] tail;

    /// @param tail what follows the text of each record
    JsonBatch(RecordBuffer out, byte[] tail) {
        super(out);
        this.tail = tail;
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

    @Override
    int add(byte[] bytes, int start, int length, boolean last) {
        RecordBuffer out = out();
        int before = out.size();
        int limit = limit(bytes, start, length);
        int stop = text(out, bytes, start, limit);
        boolean complete = stop < length && bytes[stop] == '\n';
        if (!complete && limit == length && !last) {
            out.size(before);
            return start;
        }
        if (complete) {
            out.put(LINE_FEED);
        }
        out.put(tail);
        out.put(END);
        return complete ? stop + 1 : stop;
    }

    @Override
    void mark(JournalMark mark) {
        RecordBuffer out = out();
        out.size(out.size() - END.length);
        out.ascii(JsonSearch.MARK + mark.text());
        out.put(END);
    }

    /// Adds the text up to a line feed, or to the limit; returns where it has stopped.
    private static int text(RecordBuffer out, byte[] bytes, int start, int limit) {
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
