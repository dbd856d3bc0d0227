package dev.gantry.store.files;

import dev.gantry.kernel.FileStatus;
import dev.gantry.kernel.OwnedFd;
import dev.gantry.store.tar.TarEntry;
import dev.gantry.store.tar.TarEntry.Extent;
import dev.gantry.store.tar.TarWriter;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Writes files into an archive, one after the other; a further name of a file that is there becomes a hard
/// link.
final class FileEntries {
    /// Holes are kept as such where they make up as much, in bytes. GNU tar, bsdtar, Go (Docker's own), Python and
    /// commons-compress read such archives; busybox and others take the map for content, and dockerd cannot send on
    /// a layer that has them. So smaller ones are zeros, a second's worth; larger ones would not come to an end.
    private static final long WORTHWHILE = 1L << 30;

    private final TarWriter tar;
    private final OwnerMap owners;
    private final Map<Identity, String> written = new HashMap<>();
    private final byte[] buffer = new byte[128 << 10];

    private record Identity(FileStatus.Device device, long inode) {}

    FileEntries(TarWriter tar, OwnerMap owners) {
        this.tar = tar;
        this.owners = owners;
    }

    /// Writes one file, without what is in it if it is a directory.
    ///
    /// @return false for a socket, which belongs to a process and has no place in an archive
    boolean add(Node file, String name) throws IOException {
        FileStatus status = file.status();
        String first = status.isDirectory() || status.links() < 2
                ? null
                : written.putIfAbsent(new Identity(status.device(), status.inode()), name);
        if (first != null) {
            tar.put(entry(file, name, TarEntry.Type.HARD_LINK, first, List.of()));
            return true;
        }
        switch (status.type()) {
            case REGULAR -> content(file, name);
            case DIRECTORY -> tar.put(entry(file, name, TarEntry.Type.DIRECTORY, "", List.of()));
            case SYMLINK -> tar.put(entry(file, name, TarEntry.Type.SYMLINK, file.linkTarget(), List.of()));
            case CHARACTER_DEVICE -> tar.put(entry(file, name, TarEntry.Type.CHARACTER_DEVICE, "", List.of()));
            case BLOCK_DEVICE -> tar.put(entry(file, name, TarEntry.Type.BLOCK_DEVICE, "", List.of()));
            case FIFO -> tar.put(entry(file, name, TarEntry.Type.FIFO, "", List.of()));
            case SOCKET -> {
                return false;
            }
        }
        return true;
    }

    /// Writes an empty file, with the owner and the time of another one: a mark.
    void mark(Node like, String name, int mode) throws IOException {
        FileStatus status = like.status();
        tar.put(new TarEntry(
                name,
                TarEntry.Type.FILE,
                "",
                owners.of(status.uid(), status.gid()),
                mode,
                status.modified(),
                0,
                List.of(),
                TarEntry.Device.NONE,
                Map.of()));
    }

    private TarEntry entry(Node file, String name, TarEntry.Type type, String link, List<Extent> extents)
            throws IOException {
        FileStatus status = file.status();
        boolean same = type == TarEntry.Type.HARD_LINK;
        return new TarEntry(
                name,
                type,
                link,
                owners.of(status.uid(), status.gid()),
                status.mode(),
                status.modified(),
                type == TarEntry.Type.FILE ? status.size() : 0,
                extents,
                new TarEntry.Device(status.special().major(), status.special().minor()),
                same ? Map.of() : file.xattrs());
    }

    private void content(Node file, String name) throws IOException {
        try (OwnedFd opened = file.read();
                InputStream in = opened.input()) {
            List<Extent> extents = extents(opened, file.status());
            tar.put(entry(file, name, TarEntry.Type.FILE, "", extents));
            for (Extent extent : extents) {
                opened.seek(extent.offset());
                copy(in, extent.length());
            }
        }
    }

    private List<Extent> extents(OwnedFd file, FileStatus status) throws IOException {
        long size = status.size();
        if (size - status.allocated() >= WORTHWHILE) {
            return Extents.of(file, size);
        }
        return size == 0 ? List.of() : List.of(new Extent(0, size));
    }

    /// As many bytes as were announced: what somebody cuts off meanwhile is zeros, what is added is left out.
    private void copy(InputStream in, long length) throws IOException {
        for (long left = length; left > 0; ) {
            int count = in.read(buffer, 0, (int) Math.min(left, buffer.length));
            if (count < 0) {
                Arrays.fill(buffer, (byte) 0);
                count = (int) Math.min(left, buffer.length);
            }
            tar.write(buffer, count);
            left -= count;
        }
    }
}
