package dev.gantry.engine.log;

import dev.gantry.engine.StreamType;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Reads records of the driver `local`.
final class LocalCursor extends RecordCursor {
    /// No record is longer, unless it is none.
    private static final int LONGEST = 2 * ContainerLog.LONGEST;

    private static final byte[] ERRORS = StreamType.STDERR.label().getBytes(StandardCharsets.US_ASCII);

    private @Nullable JournalMark mark;

    LocalCursor(FileChannel channel, long offset) {
        super(channel, offset);
    }

    /// The mark of the last record.
    @Nullable
    JournalMark mark() {
        return mark;
    }

    @Override
    int length(byte[] bytes, int from, int to) {
        if (to - from < Integer.BYTES) {
            return 0;
        }
        ByteBuffer in = ByteBuffer.wrap(bytes);
        int length = in.getInt(from);
        // what is damaged ends the log: nothing says where the next record begins; zeros are what a power cut leaves
        if (length <= 0 || length > LONGEST) {
            return DAMAGED;
        }
        int whole = length + LocalFormat.FRAME;
        if (to - from < whole) {
            return 0;
        }
        return in.getInt(from + whole - Integer.BYTES) == length ? whole : DAMAGED;
    }

    @Override
    @Nullable
    LogRecord parse(byte[] bytes, int offset, int length) {
        try {
            return new Entry(ByteBuffer.wrap(bytes, offset + Integer.BYTES, length - LocalFormat.FRAME)).read();
        } catch (IllegalArgumentException | BufferUnderflowException _) {
            return null;
        }
    }

    private final class Entry {
        private final ByteBuffer in;
        private StreamType stream = StreamType.STDOUT;
        private byte[] line = {};
        private long time;
        private boolean partial;

        Entry(ByteBuffer in) {
            this.in = in;
        }

        LogRecord read() {
            mark = null;
            while (in.hasRemaining()) {
                long tag = varint();
                long value = varint();
                switch ((int) (tag & 7)) {
                    case 0 -> number((int) (tag >>> 3), value);
                    case 2 -> bytes((int) (tag >>> 3), bytes(value));
                    default -> throw new IllegalArgumentException("wire type of tag " + tag);
                }
            }
            if (!partial) {
                line = Arrays.copyOf(line, line.length + 1);
                line[line.length - 1] = '\n';
            }
            return new LogRecord(stream, line, Instant.ofEpochSecond(0, time), Map.of());
        }

        private void number(int field, long value) {
            switch (field) {
                case LocalFormat.TIME -> time = value;
                case LocalFormat.PARTIAL -> partial = value != 0;
                default -> {
                    // none that counts here
                }
            }
        }

        private void bytes(int field, byte[] value) {
            switch (field) {
                case LocalFormat.SOURCE ->
                    stream = Arrays.equals(value, ERRORS) ? StreamType.STDERR : StreamType.STDOUT;
                case LocalFormat.LINE -> line = value;
                case LocalFormat.JOURNAL -> mark = JournalMark.parse(new String(value, StandardCharsets.US_ASCII));
                default -> {
                    // none that counts here
                }
            }
        }

        private byte[] bytes(long length) {
            if (length < 0 || length > in.remaining()) {
                throw new IllegalArgumentException("a field of " + length + " bytes");
            }
            byte[] value = new byte[(int) length];
            in.get(value);
            return value;
        }

        private long varint() {
            long value = 0;
            for (int shift = 0; shift < Long.SIZE; shift += 7) {
                byte next = in.get();
                value |= (long) (next & 0x7f) << shift;
                if (next >= 0) {
                    return value;
                }
            }
            throw new IllegalArgumentException("a number without end");
        }
    }
}
