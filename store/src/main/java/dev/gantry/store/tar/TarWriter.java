package dev.gantry.store.tar;

import java.io.IOException;
import java.io.OutputStream;

/// Writes tar archives: POSIX ustar, with PAX headers where that is too narrow (long or foreign names,
/// large numbers, fractions of seconds, extended attributes, sparse files). Equal entries give equal bytes.
///
/// An own writer, because commons-compress 1.28.0 takes the values of PAX records as text, which destroys file
/// capabilities. Not for use by several threads.
public final class TarWriter {
    private static final byte[] ZEROS = new byte[Header.BLOCK];

    private final OutputStream out;
    private long missing;
    private int padding;

    /// @param out never closed here; buffered by the caller
    public TarWriter(OutputStream out) {
        this.out = out;
    }

    /// Begins an entry. The content of a file follows: what is in its extents, without its holes.
    public void put(TarEntry entry) throws IOException {
        finishEntry();
        byte[] map = entry.isSparse() ? new SparseMap(entry.size(), entry.extents()).encoded() : ZEROS;
        long length = entry.type() == TarEntry.Type.FILE ? entry.stored() + (entry.isSparse() ? map.length : 0) : 0;
        HeaderBlocks header = new HeaderBlocks(entry, length);
        out.write(header.encoded());
        missing = length;
        padding = (int) ((Header.BLOCK - length % Header.BLOCK) % Header.BLOCK);
        if (entry.isSparse()) {
            write(map, map.length);
        }
    }

    /// Writes some of the content of the current entry.
    public void write(byte[] bytes, int length) throws IOException {
        if (length > missing) {
            throw new IllegalArgumentException("got %d bytes, the entry has room for %d".formatted(length, missing));
        }
        out.write(bytes, 0, length);
        missing -= length;
    }

    /// Ends the archive.
    public void finish() throws IOException {
        finishEntry();
        out.write(ZEROS);
        out.write(ZEROS);
        out.flush();
    }

    private void finishEntry() throws IOException {
        if (missing != 0) {
            throw new IllegalStateException("the content of an entry is %d bytes short".formatted(missing));
        }
        out.write(ZEROS, 0, padding);
        padding = 0;
    }
}
