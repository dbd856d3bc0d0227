package dev.gantry.store.tar;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/// One member of a tar archive, with PAX and GNU extensions applied.
///
/// @param name as in the archive
/// @param linkName target of a hard or symbolic link, else empty
/// @param mode permission bits with set-user-ID, set-group-ID and sticky
/// @param size length of a regular file, holes included; else 0
/// @param extents the parts of a regular file that the archive holds, in order; the rest are holes
/// @param xattrs extended attributes by name
public record TarEntry(
        String name,
        Type type,
        String linkName,
        Ownership owner,
        int mode,
        Instant modified,
        long size,
        List<Extent> extents,
        Device device,
        Map<String, Xattr> xattrs) {
    public TarEntry {
        extents = List.copyOf(extents);
        xattrs = Map.copyOf(xattrs);
    }

    /// Bytes of content that the archive holds.
    long stored() {
        return extents.stream().mapToLong(Extent::length).sum();
    }

    /// Whether a part of it is a hole.
    boolean isSparse() {
        return stored() != size;
    }

    /// The types that a layer may contain.
    public enum Type {
        FILE,
        HARD_LINK,
        SYMLINK,
        CHARACTER_DEVICE,
        BLOCK_DEVICE,
        DIRECTORY,
        FIFO
    }

    /// Numeric owner; names in archives mean nothing here.
    public record Ownership(long uid, long gid) {}

    /// Device number of a device node.
    public record Device(int major, int minor) {
        public static final Device NONE = new Device(0, 0);
    }

    /// A part of a sparse file that has content.
    public record Extent(long offset, long length) {}

    /// The value of an extended attribute.
    public static final class Xattr {
        private final byte[] value;

        Xattr(byte[] value) {
            this.value = value.clone();
        }

        public static Xattr of(byte[] value) {
            return new Xattr(value);
        }

        public byte[] value() {
            return value.clone();
        }
    }
}
