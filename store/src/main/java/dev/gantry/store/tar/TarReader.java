package dev.gantry.store.tar;

import dev.gantry.oci.MalformedException;
import dev.gantry.store.tar.TarEntry.Ownership;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Reads tar archives: V7, ustar, PAX, GNU, star; sparse files of all GNU formats; attributes of star and libarchive.
///
/// An own reader, because commons-compress 1.28.0 decodes the values of PAX records as UTF-8 and so destroys file
/// capabilities, and replaces bytes of names that are no UTF-8. Global PAX headers are skipped, as Docker does. Sizes
/// of extension headers are bounded; content is streamed. Not for use by several threads.
public final class TarReader {
    /// The largest extension header, as in Go's `archive/tar`.
    private static final int MAX_EXTENSION = 1 << 20;

    private static final long MAX_ID = 0xFFFFFFFEL; // (uid_t) -1 means "no change" to chown(2)

    private final InputStream in;
    private final byte[] block = new byte[Header.BLOCK];
    private long position;
    private long content;
    private long padding;

    /// @param in plain tar; never closed here. Buffered by the caller
    public TarReader(InputStream in) {
        this.in = in;
    }

    /// The next entry, or null at the end of the archive. Content of the current one that was not read is skipped.
    ///
    /// @throws MalformedException if the archive does not follow its format
    /// @throws EOFException if it ends within an entry
    public @Nullable TarEntry next() throws IOException {
        skip(content + padding);
        content = 0;
        padding = 0;
        PaxRecords pax = new PaxRecords();
        String longName = null;
        String longLink = null;
        while (true) {
            Header header = readHeader();
            if (header == null) {
                return null;
            }
            long size = header.size();
            if (size < 0) {
                throw new MalformedException("tar entry \"%s\" has a negative size".formatted(header.name()));
            }
            switch (header.type()) {
                case 'x', 'X' -> pax = PaxRecords.of(extension(size)); // the last one counts, as in Go's archive/tar
                case 'L' -> longName = text(extension(size));
                case 'K' -> longLink = text(extension(size));
                case 'g', 'V' -> extension(size);
                default -> {
                    return entry(header, pax, longName, longLink);
                }
            }
        }
    }

    /// Reads at most `limit` bytes of the current entry's content.
    ///
    /// @return the number of bytes, at least 1; or -1 at the end of the content
    public int read(byte[] buffer, int limit) throws IOException {
        return read(buffer, 0, limit);
    }

    private int read(byte[] buffer, int offset, int limit) throws IOException {
        if (content == 0) {
            return -1;
        }
        int count = in.read(buffer, offset, (int) Math.min(limit, content));
        if (count < 0) {
            throw truncated();
        }
        content -= count;
        position += count;
        return count;
    }

    /// The content of the current entry, until the next one is asked for. Closing it does nothing.
    public InputStream content() {
        return new Content();
    }

    /// Whether a stream that begins so is a tar archive, if an empty one.
    public static boolean isArchive(byte[] start) {
        if (start.length < Header.BLOCK) {
            return false;
        }
        try {
            byte[] block = Arrays.copyOf(start, Header.BLOCK);
            return Header.isZero(block) || Header.parse(block, 0).size() >= 0;
        } catch (MalformedException _) {
            return false;
        }
    }

    private @Nullable Header readHeader() throws IOException {
        if (!readBlock()) {
            return null;
        }
        if (!Header.isZero(block)) {
            return Header.parse(block.clone(), position - Header.BLOCK);
        }
        if (readBlock() && !Header.isZero(block)) {
            throw new MalformedException("tar goes on at byte %d behind a block of zeros".formatted(position));
        }
        return null;
    }

    private boolean readBlock() throws IOException {
        int count = in.readNBytes(block, 0, Header.BLOCK);
        position += count;
        if (count != 0 && count != Header.BLOCK) {
            throw truncated();
        }
        return count != 0;
    }

    private byte[] extension(long size) throws IOException {
        if (size > MAX_EXTENSION) {
            throw new MalformedException(
                    "tar has an extension header of %d bytes, limit %d".formatted(size, MAX_EXTENSION));
        }
        byte[] data = in.readNBytes((int) size);
        position += data.length;
        if (data.length < size) {
            throw truncated();
        }
        skip(pad(size));
        return data;
    }

    private static @Nullable String text(byte[] data) {
        int length = 0;
        while (length < data.length && data[length] != 0) {
            length++;
        }
        return length == 0 ? null : Names.decode(data, 0, length);
    }

    private TarEntry entry(Header header, PaxRecords pax, @Nullable String longName, @Nullable String longLink)
            throws IOException {
        String name = first(pax.name("GNU.sparse.name"), longName, pax.name("path"), header.name());
        TarEntry.Type type = type(header, name);
        long stored = pax.number("size", header.size());
        SparseMap map = SparseMap.dense(0);
        if (type == TarEntry.Type.FILE) {
            content = stored;
            padding = pad(stored);
            map = sparse(header, pax, stored);
        }
        boolean device = type == TarEntry.Type.CHARACTER_DEVICE || type == TarEntry.Type.BLOCK_DEVICE;
        return new TarEntry(
                name,
                type,
                first(longLink, pax.name("linkpath"), header.linkName()),
                new Ownership(id(pax.number("uid", header.uid()), name), id(pax.number("gid", header.gid()), name)),
                header.mode(),
                pax.modified(header.modified()),
                map.size(),
                map.extents(),
                device ? header.device() : TarEntry.Device.NONE,
                Map.copyOf(pax.xattrs()));
    }

    private SparseMap sparse(Header header, PaxRecords pax, long stored) throws IOException {
        if (header.type() == 'S') {
            return SparseMap.old(header, new MapBytes(false), stored);
        }
        if (pax.has("GNU.sparse.major")) {
            long major = pax.number("GNU.sparse.major", 0);
            if (major == 1) {
                return SparseMap.pax1(pax, new MapBytes(true), stored);
            }
            if (major != 0) {
                throw new MalformedException("tar has a sparse file of format %d".formatted(major));
            }
        }
        return pax.has("GNU.sparse.map") || !pax.sparseNumbers().isEmpty()
                ? SparseMap.pax0(pax, stored)
                : SparseMap.dense(stored);
    }

    private static String first(@Nullable String... candidates) {
        for (String candidate : candidates) {
            if (candidate != null) {
                return candidate;
            }
        }
        return "";
    }

    private static TarEntry.Type type(Header header, String name) throws MalformedException {
        return switch (header.type()) {
            case '\0' ->
                name.endsWith("/") ? TarEntry.Type.DIRECTORY : TarEntry.Type.FILE; // V7 has no type of directories
            case '0', '7', 'S' -> TarEntry.Type.FILE;
            case '1' -> TarEntry.Type.HARD_LINK;
            case '2' -> TarEntry.Type.SYMLINK;
            case '3' -> TarEntry.Type.CHARACTER_DEVICE;
            case '4' -> TarEntry.Type.BLOCK_DEVICE;
            case '5' -> TarEntry.Type.DIRECTORY;
            case '6' -> TarEntry.Type.FIFO;
            default ->
                throw new MalformedException(
                        "tar entry \"%s\" has the unknown type %d".formatted(name, (int) header.type()));
        };
    }

    private static long id(long id, String name) throws MalformedException {
        if (id < 0 || id > MAX_ID) {
            throw new MalformedException("tar entry \"%s\" has the owner %d".formatted(name, id));
        }
        return id;
    }

    private static long pad(long size) {
        return (Header.BLOCK - size % Header.BLOCK) % Header.BLOCK;
    }

    private void skip(long count) throws IOException {
        try {
            in.skipNBytes(count);
        } catch (EOFException e) {
            throw (EOFException) truncated().initCause(e);
        }
        position += count;
    }

    private EOFException truncated() {
        return new EOFException("tar ends within an entry, after %d bytes".formatted(position));
    }

    private final class Content extends InputStream {
        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            return length == 0 ? 0 : TarReader.this.read(bytes, offset, length);
        }
    }

    /// Bytes before the content of a sparse file: its map. If counted, they count as the entry's content.
    private final class MapBytes extends InputStream {
        private final boolean counted;

        MapBytes(boolean counted) {
            this.counted = counted;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            int count = in.read(bytes, offset, counted ? (int) Math.min(length, content) : length);
            if (count > 0) {
                position += count;
                content -= counted ? count : 0;
            }
            return count;
        }
    }
}
