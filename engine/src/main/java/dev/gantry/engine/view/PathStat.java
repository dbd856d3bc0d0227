package dev.gantry.engine.view;

import dev.gantry.kernel.FileStatus;
import org.jspecify.annotations.Nullable;

/// What a path in a container leads to; Docker's `ContainerPathStat`.
///
/// @param mode type and permissions as Go's `os.FileMode` has them
/// @param mtime RFC 3339
/// @param linkTarget where a symbolic link leads to in the end; else empty
public record PathStat(String name, long size, long mode, String mtime, String linkTarget) {
    /// Of a file's status.
    public static PathStat of(String name, FileStatus status, String mtime, @Nullable String linkTarget) {
        return new PathStat(name, status.size(), mode(status), mtime, linkTarget == null ? "" : linkTarget);
    }

    private static long mode(FileStatus status) {
        long type = switch (status.type()) {
            case REGULAR -> 0;
            case DIRECTORY -> 1L << 31;
            case SYMLINK -> 1L << 27;
            case BLOCK_DEVICE -> 1L << 26;
            case CHARACTER_DEVICE -> 1L << 26 | 1L << 21;
            case FIFO -> 1L << 25;
            case SOCKET -> 1L << 24;
        };
        return type
                | (status.mode() & 0777)
                | flag(status, 04000, 23)
                | flag(status, 02000, 22)
                | flag(status, 01000, 20);
    }

    private static long flag(FileStatus status, int bit, int shift) {
        return (status.mode() & bit) == 0 ? 0 : 1L << shift;
    }
}
