package dev.gantry.kernel;

import dev.gantry.kernel.ffi.Call;
import dev.gantry.kernel.ffi.Layouts;
import dev.gantry.kernel.ffi.SystemCall;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Instant;

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
            long path = CString.in(arena, name, subject).address();
            Kernel.call(
                    Call.STATX,
                    subject,
                    directory,
                    number -> SystemCall.invoke(
                            Call.STATX,
                            number,
                            path,
                            AT_EMPTY_PATH | AT_SYMLINK_NOFOLLOW,
                            STATX_BASIC_STATS_AND_MNT_ID,
                            buffer.address()));
            return read(buffer);
        }
    }

    private static FileStatus read(MemorySegment statx) {
        int mode = Short.toUnsignedInt(statx.get(ValueLayout.JAVA_SHORT, at("mode")));
        return new FileStatus(
                FileType.ofMode(mode),
                mode & 0xFFF,
                Integer.toUnsignedLong(statx.get(ValueLayout.JAVA_INT, at("uid"))),
                Integer.toUnsignedLong(statx.get(ValueLayout.JAVA_INT, at("gid"))),
                statx.get(ValueLayout.JAVA_LONG, at("size")),
                statx.get(ValueLayout.JAVA_LONG, at("blocks")) * 512,
                statx.get(ValueLayout.JAVA_LONG, at("ino")),
                Integer.toUnsignedLong(statx.get(ValueLayout.JAVA_INT, at("nlink"))),
                new Device(
                        statx.get(ValueLayout.JAVA_INT, at("dev_major")),
                        statx.get(ValueLayout.JAVA_INT, at("dev_minor"))),
                new Device(
                        statx.get(ValueLayout.JAVA_INT, at("rdev_major")),
                        statx.get(ValueLayout.JAVA_INT, at("rdev_minor"))),
                time(statx, "mtime"),
                time(statx, "ctime"),
                statx.get(ValueLayout.JAVA_LONG, at("mnt_id")));
    }

    private static Instant time(MemorySegment statx, String member) {
        return Instant.ofEpochSecond(
                statx.get(ValueLayout.JAVA_LONG, Layouts.offset(Layouts.STATX, member, "seconds")),
                statx.get(ValueLayout.JAVA_INT, Layouts.offset(Layouts.STATX, member, "nanoseconds")));
    }

    private static long at(String member) {
        return Layouts.offset(Layouts.STATX, member);
    }
}
