package dev.gantry.cli.tar;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Where the content of a sparse file lies, as GNU tar's format 1.0 has it (its manual, "PAX Format, Version 1.0"):
/// decimal numbers in front of the content, one a line, filled up to whole blocks. A daemon sends files with large
/// holes so.
final class SparseMap {
    private static final int MOST_EXTENTS = 1 << 20;
    private static final int MOST_DIGITS = 18;

    private final List<Extent> extents = new ArrayList<>();
    private int current;
    private long done;

    private record Extent(long offset, long length) {}

    private SparseMap() {}

    /// Whether a member has a map.
    static boolean isIn(Map<String, String> records) {
        return "1".equals(records.get("GNU.sparse.major")) && "0".equals(records.get("GNU.sparse.minor"));
    }

    /// A file without holes.
    static SparseMap dense(long size) {
        SparseMap map = new SparseMap();
        map.extents.add(new Extent(0, size));
        return map;
    }

    /// Reads a map, to the block behind it.
    ///
    /// @param stored bytes of the map and of the content
    static SparseMap read(InputStream in, long size, long stored) throws IOException {
        SparseMap map = new SparseMap();
        Lines lines = new Lines(in, stored);
        long count = lines.next();
        long end = 0;
        long total = 0;
        for (long i = 0; i < count; i++) {
            long offset = lines.next();
            long length = lines.next();
            if (count > MOST_EXTENTS || offset < end || offset > size || length > size - offset) {
                throw malformed();
            }
            map.extents.add(new Extent(offset, length));
            end = offset + length;
            total += length;
        }
        lines.skipBlock();
        if (total != stored - lines.consumed) {
            throw malformed();
        }
        return map;
    }

    /// Bytes of content.
    long stored() {
        return extents.stream().mapToLong(Extent::length).sum();
    }

    /// Where the next byte of the content belongs.
    long position() {
        while (current < extents.size() && done == extents.get(current).length()) {
            current++;
            done = 0;
        }
        return current == extents.size() ? 0 : extents.get(current).offset() + done;
    }

    /// How many bytes belong there, without a hole between them.
    long together() {
        return current == extents.size() ? 0 : extents.get(current).length() - done;
    }

    /// Some of them were read.
    void advance(int count) {
        done += count;
    }

    private static IOException malformed() {
        return new IOException("archive has a malformed map of a sparse file");
    }

    private static final class Lines {
        private final InputStream in;
        private final long limit;
        private long consumed;

        Lines(InputStream in, long limit) {
            this.in = in;
            this.limit = limit;
        }

        long next() throws IOException {
            long number = 0;
            for (int digits = 0; digits <= MOST_DIGITS && consumed < limit; digits++) {
                int character = in.read();
                consumed++;
                if (character == '\n' && digits > 0) {
                    return number;
                }
                if (character < '0' || character > '9') {
                    break;
                }
                number = number * 10 + character - '0';
            }
            throw malformed();
        }

        void skipBlock() throws IOException {
            int padding = TarOutput.padding(consumed);
            in.skipNBytes(padding);
            consumed += padding;
        }
    }
}
