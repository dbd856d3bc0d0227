package dev.gantry.engine.log;

import java.io.ByteArrayOutputStream;

/// Cuts one stream into lines. A line of more than 16 KiB comes in pieces of that size, as Docker's does; what has no
/// line feed at the end of the stream is such a piece, too.
final class LineSplitter {
    /// Docker's buffer, and so the longest piece.
    static final int LONGEST = 16 * 1024;

    private final Lines lines;
    private ByteArrayOutputStream pending = new ByteArrayOutputStream(0);

    /// Takes lines.
    interface Lines {
        /// Takes one.
        ///
        /// @param complete whether a line feed follows these bytes, which do not hold it
        void line(byte[] bytes, int offset, int length, boolean complete);
    }

    LineSplitter(Lines lines) {
        this.lines = lines;
    }

    void write(byte[] bytes, int offset, int length) {
        int start = offset;
        int end = offset + length;
        while (start < end) {
            int limit = Math.min(end, start + LONGEST - pending.size());
            int feed = indexOfLineFeed(bytes, start, limit);
            if (feed >= 0) {
                emit(bytes, start, feed - start, true);
                start = feed + 1;
            } else if (limit - start + pending.size() == LONGEST) {
                emit(bytes, start, limit - start, false);
                start = limit;
            } else {
                pending.write(bytes, start, limit - start);
                start = limit;
            }
        }
    }

    /// The stream has ended.
    void end() {
        if (pending.size() > 0) {
            emit(new byte[0], 0, 0, false);
        }
    }

    private void emit(byte[] bytes, int offset, int length, boolean complete) {
        if (pending.size() == 0) {
            lines.line(bytes, offset, length, complete);
            return;
        }
        pending.write(bytes, offset, length);
        byte[] line = pending.toByteArray();
        // an idle container keeps no buffer
        pending = new ByteArrayOutputStream(0);
        lines.line(line, 0, line.length, complete);
    }

    private static int indexOfLineFeed(byte[] bytes, int start, int end) {
        for (int i = start; i < end; i++) {
            if (bytes[i] == '\n') {
                return i;
            }
        }
        return -1;
    }
}
