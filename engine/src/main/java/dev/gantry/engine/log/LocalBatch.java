package dev.gantry.engine.log;

import dev.gantry.engine.StreamType;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

/// Writes records of the driver `local`.
final class LocalBatch extends RecordBatch {
    private static final int VARINT = 0;
    private static final int BYTES = 2;
    private static final long NANOS_OF_A_SECOND = 1_000_000_000;

    private final byte[] source;
    private final long time;
    private int record;

    LocalBatch(RecordBuffer out, StreamType stream, Instant time) {
        super(out);
        this.source = stream.label().getBytes(StandardCharsets.US_ASCII);
        this.time = time.getEpochSecond() * NANOS_OF_A_SECOND + time.getNano();
    }

    @Override
    int add(byte[] bytes, int start, int length, boolean last) {
        int limit = limit(bytes, start, length);
        int stop = start;
        while (stop < limit && bytes[stop] != '\n') {
            stop++;
        }
        boolean complete = stop < length && bytes[stop] == '\n';
        if (!complete && limit == length && !last) {
            return start;
        }
        record = out().size();
        out().putInt(0);
        field(LocalFormat.SOURCE, source, 0, source.length);
        tag(LocalFormat.TIME, VARINT);
        varint(time);
        field(LocalFormat.LINE, bytes, start, stop - start);
        if (!complete) {
            tag(LocalFormat.PARTIAL, VARINT);
            varint(1);
            // without it Docker's readers add a line feed
            field(LocalFormat.PARTIAL_METADATA, bytes, 0, 0);
        }
        end();
        return complete ? stop + 1 : stop;
    }

    private void end() {
        int length = out().size() - record - Integer.BYTES;
        out().setInt(record, length);
        out().putInt(length);
    }

    @Override
    void mark(JournalMark mark) {
        out().size(out().size() - Integer.BYTES);
        byte[] text = mark.text().getBytes(StandardCharsets.US_ASCII);
        field(LocalFormat.JOURNAL, text, 0, text.length);
        end();
    }

    private void field(int number, byte[] bytes, int offset, int length) {
        tag(number, BYTES);
        varint(length);
        out().put(bytes, offset, length);
    }

    private void tag(int number, int type) {
        varint(((long) number << 3) | type);
    }

    private void varint(long value) {
        long rest = value;
        while (rest >>> 7 != 0) {
            out().put((int) ((rest & 0x7f) | 0x80));
            rest >>>= 7;
        }
        out().put((int) rest);
    }
}
