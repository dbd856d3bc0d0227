package dev.gantry.engine.log;

/// The records of one write, of one stream and at one time.
abstract sealed class RecordBatch permits JsonBatch, LocalBatch {
    private final RecordBuffer out;

    RecordBatch(RecordBuffer out) {
        this.out = out;
    }

    final RecordBuffer out() {
        return out;
    }

    /// Adds a record of the output that begins here: a line, or as much of one as a record holds.
    ///
    /// @param length the end of the output
    /// @param last whether nothing follows, so that a line without line feed is one, too
    /// @return where what follows begins; the start itself if the end of the line is not there yet
    abstract int add(byte[] bytes, int start, int length, boolean last);

    /// Adds a mark to the last record.
    abstract void mark(JournalMark mark);

    /// Where a record that begins here ends at the latest: not within a character.
    static int limit(byte[] bytes, int start, int length) {
        if (length - start <= ContainerLog.LONGEST) {
            return length;
        }
        int limit = start + ContainerLog.LONGEST;
        for (int i = 0; i < 3 && (bytes[limit] & 0xc0) == 0x80; i++) {
            limit--;
        }
        return limit;
    }
}
