package dev.gantry.store.tar;

import dev.gantry.oci.MalformedException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Where the content of a sparse file lies: GNU tar's formats (GNU tar manual, "Storing Sparse Files").
///
/// @param size length of the file
/// @param extents in order, without overlap, within the file
record SparseMap(long size, List<TarEntry.Extent> extents) {
    /// More extents than this are refused: 16 MiB of map.
    static final int MAX_EXTENTS = 1 << 20;

    private static final int MAX_DIGITS = 20;

    /// A file without holes.
    static SparseMap dense(long size) {
        return new SparseMap(size, size == 0 ? List.of() : List.of(new TarEntry.Extent(0, size)));
    }

    /// The map as PAX format 1.0 has it in front of the content: decimal numbers, one a line, filled up to whole
    /// blocks.
    ///
    /// A hole at the end has an extent of no length behind it, without which GNU tar makes the file shorter.
    byte[] encoded() {
        long end = extents.isEmpty()
                ? 0
                : extents.getLast().offset() + extents.getLast().length();
        List<TarEntry.Extent> all = new ArrayList<>(extents);
        if (end < size) {
            all.add(new TarEntry.Extent(size, 0));
        }
        StringBuilder text = new StringBuilder().append(all.size()).append('\n');
        for (TarEntry.Extent extent : all) {
            text.append(extent.offset()).append('\n').append(extent.length()).append('\n');
        }
        int blocks = (text.length() + Header.BLOCK - 1) / Header.BLOCK;
        return Arrays.copyOf(text.toString().getBytes(StandardCharsets.US_ASCII), blocks * Header.BLOCK);
    }

    /// Checks numbers that alternate offset and length.
    ///
    /// @param stored bytes that the archive holds for the file
    static SparseMap of(long size, List<Long> numbers, long stored) throws MalformedException {
        if (numbers.size() % 2 != 0 || size < 0) {
            throw malformed();
        }
        List<TarEntry.Extent> extents = new ArrayList<>();
        long end = 0;
        long total = 0;
        for (int i = 0; i < numbers.size(); i += 2) {
            long offset = numbers.get(i);
            long length = numbers.get(i + 1);
            if (offset < end || length < 0 || offset > size || length > size - offset) {
                throw malformed();
            }
            if (length > 0) {
                extents.add(new TarEntry.Extent(offset, length));
            }
            end = offset + length;
            total += length;
        }
        if (total != stored) {
            throw malformed();
        }
        return new SparseMap(size, extents);
    }

    /// The oldest format: four extents in the header, more in blocks behind it.
    ///
    /// @param stored bytes of content; the extension blocks are not part of it
    static SparseMap old(Header header, InputStream blocks, long stored) throws IOException {
        List<Long> numbers = new ArrayList<>();
        addPairs(header, 386, 4, numbers);
        boolean more = header.flag(482);
        long size = header.number(483, 12, "real size");
        while (more) {
            byte[] block = blocks.readNBytes(Header.BLOCK);
            if (block.length < Header.BLOCK || numbers.size() > MAX_EXTENTS * 2) {
                throw malformed();
            }
            Header extension = Header.unchecked(block);
            addPairs(extension, 0, 21, numbers);
            more = extension.flag(504);
        }
        return of(size, numbers, stored);
    }

    private static void addPairs(Header header, int offset, int count, List<Long> numbers) throws MalformedException {
        for (int i = 0; i < count; i++) {
            int at = offset + i * 24;
            if (!header.flag(at)) {
                return;
            }
            numbers.add(header.number(at, 12, "sparse map"));
            numbers.add(header.number(at + 12, 12, "sparse map"));
        }
    }

    /// PAX formats 0.0 and 0.1: the map is in the records.
    static SparseMap pax0(PaxRecords pax, long stored) throws MalformedException {
        String map = pax.name("GNU.sparse.map");
        List<Long> numbers = pax.sparseNumbers();
        if (map != null) {
            numbers = new ArrayList<>();
            for (String number : map.split(",", -1)) {
                numbers.add(parse(number));
            }
        }
        return of(pax.number("GNU.sparse.size", -1), numbers, stored);
    }

    /// PAX format 1.0: the map opens the content, decimal numbers on lines, padded to a block.
    static SparseMap pax1(PaxRecords pax, InputStream content, long stored) throws IOException {
        LineReader lines = new LineReader(content, stored);
        long count = lines.next();
        if (count > MAX_EXTENTS) {
            throw malformed();
        }
        List<Long> numbers = new ArrayList<>();
        for (long i = 0; i < count * 2; i++) {
            numbers.add(lines.next());
        }
        long padding = (Header.BLOCK - lines.consumed % Header.BLOCK) % Header.BLOCK;
        content.skipNBytes(padding);
        return of(pax.number("GNU.sparse.realsize", -1), numbers, stored - lines.consumed - padding);
    }

    private static long parse(String digits) throws MalformedException {
        if (digits.isEmpty() || digits.length() > 18 || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw malformed();
        }
        return Long.parseLong(digits);
    }

    private static MalformedException malformed() {
        return new MalformedException("tar has a malformed map of a sparse file");
    }

    private static final class LineReader {
        private final InputStream in;
        private final long limit;
        private long consumed;

        LineReader(InputStream in, long limit) {
            this.in = in;
            this.limit = limit;
        }

        long next() throws IOException {
            byte[] digits = new byte[MAX_DIGITS];
            for (int length = 0; length < MAX_DIGITS && consumed < limit; length++) {
                int character = in.read();
                consumed++;
                if (character == '\n') {
                    return parse(new String(digits, 0, length, StandardCharsets.ISO_8859_1));
                }
                if (character < 0) {
                    break;
                }
                digits[length] = (byte) character;
            }
            throw malformed();
        }
    }
}
