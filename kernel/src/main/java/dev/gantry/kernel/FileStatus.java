package dev.gantry.kernel;

import dev.gantry.kernel.ffi.Call;
import dev.gantry.kernel.ffi.Layouts;
import dev.gantry.kernel.ffi.SystemCall;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Instant;
import java.util.Optional;

/// What statx(2) says of a file.
///
/// @param mode permission bits with set-user-ID, set-group-ID and sticky; the type is apart
/// @param device the file system's device number
/// @param special the device that a device node stands for
/// @param allocated bytes that the file system has allocated
/// @param mount the mount's ID, zero before kernel 5.8
public record FileStatus(
        FileType type,
        int mode,
        long uid,
        long gid,
        long size,
        long allocated,
        long inode,
        long links,
        Device device,
        Device special,
        Instant modified,
        Instant changed,
        long mount) {

    /// A device number.
    public record Device(int major, int minor) {
        /// As makedev(3) packs it for mknod(2).
        public long packed() {
            return (minor & 0xFFL) | ((major & 0xFFFL) << 8) | ((minor & ~0xFFL) << 12) | ((major & ~0xFFFL) << 32);
        }
    }

    private static final int AT_EMPTY_PATH = 0x1000;
    private static final int AT_SYMLINK_NOFOLLOW = 0x100;
    private static final int STATX_BASIC_STATS_AND_MNT_ID = 0x7ff | 0x1000;

    private static final long MODE = Layouts.offset(Layouts.STATX, "mode");
    private static final long UID = Layouts.offset(Layouts.STATX, "uid");
    private static final long GID = Layouts.offset(Layouts.STATX, "gid");
    private static final long SIZE = Layouts.offset(Layouts.STATX, "size");
    private static final long BLOCKS = Layouts.offset(Layouts.STATX, "blocks");
    private static final long INO = Layouts.offset(Layouts.STATX, "ino");
    private static final long NLINK = Layouts.offset(Layouts.STATX, "nlink");
    private static final long DEV_MAJOR = Layouts.offset(Layouts.STATX, "dev_major");
    private static final long DEV_MINOR = Layouts.offset(Layouts.STATX, "dev_minor");
    private static final long RDEV_MAJOR = Layouts.offset(Layouts.STATX, "rdev_major");
    private static final long RDEV_MINOR = Layouts.offset(Layouts.STATX, "rdev_minor");
    private static final long MNT_ID = Layouts.offset(Layouts.STATX, "mnt_id");
    private static final long MTIME = Layouts.offset(Layouts.STATX, "mtime");
    private static final long CTIME = Layouts.offset(Layouts.STATX, "ctime");

    /// Same file: device and inode are equal.
    public boolean isSameFileAs(FileStatus other) {
        return inode == other.inode && device.equals(other.device);
    }

    public boolean isDirectory() {
        return type == FileType.DIRECTORY;
    }

    /// Of what a descriptor is open on.
    public static FileStatus of(OwnedFd fd) throws KernelException {
        return of(fd, "", fd.toString());
    }

    /// Of a name in a directory, itself and not what it links to; of the descriptor where the name is empty.
    static FileStatus of(OwnedFd directory, String name, String subject) throws KernelException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment buffer = arena.allocate(Layouts.STATX);
            Kernel.check(Call.STATX.symbol(), subject, statx(directory, CString.in(arena, name, subject), buffer));
            return read(buffer);
        }
    }

    /// Of a name in a directory, itself and not what it links to; empty if there is none.
    static Optional<FileStatus> find(OwnedFd directory, String name, String subject) throws KernelException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment buffer = arena.allocate(Layouts.STATX);
            long result = statx(directory, CString.in(arena, name, subject), buffer);
            if (Kernel.failedWith(Errno.ENOENT, result)) {
                return Optional.empty();
            }
            Kernel.check(Call.STATX.symbol(), subject, result);
            return Optional.of(read(buffer));
        }
    }

    private static long statx(OwnedFd directory, MemorySegment name, MemorySegment buffer) throws KernelException {
        return Kernel.tried(
                directory,
                number -> SystemCall.invoke(
                        Call.STATX,
                        number,
                        name.address(),
                        AT_EMPTY_PATH | AT_SYMLINK_NOFOLLOW,
                        STATX_BASIC_STATS_AND_MNT_ID,
                        buffer.address()));
    }

    private static FileStatus read(MemorySegment statx) {
        int mode = Short.toUnsignedInt(statx.get(ValueLayout.JAVA_SHORT, MODE));
        return new FileStatus(
                FileType.ofMode(mode),
                mode & 0xFFF,
                Integer.toUnsignedLong(statx.get(ValueLayout.JAVA_INT, UID)),
                Integer.toUnsignedLong(statx.get(ValueLayout.JAVA_INT, GID)),
                statx.get(ValueLayout.JAVA_LONG, SIZE),
                statx.get(ValueLayout.JAVA_LONG, BLOCKS) * 512,
                statx.get(ValueLayout.JAVA_LONG, INO),
                Integer.toUnsignedLong(statx.get(ValueLayout.JAVA_INT, NLINK)),
                new Device(statx.get(ValueLayout.JAVA_INT, DEV_MAJOR), statx.get(ValueLayout.JAVA_INT, DEV_MINOR)),
                new Device(statx.get(ValueLayout.JAVA_INT, RDEV_MAJOR), statx.get(ValueLayout.JAVA_INT, RDEV_MINOR)),
                time(statx, MTIME),
                time(statx, CTIME),
                statx.get(ValueLayout.JAVA_LONG, MNT_ID));
    }

    private static Instant time(MemorySegment statx, long at) {
        return Instant.ofEpochSecond(
                statx.get(ValueLayout.JAVA_LONG, at), statx.get(ValueLayout.JAVA_INT, at + Long.BYTES));
    }
}
