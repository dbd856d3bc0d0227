package dev.gantry.kernel;

import dev.gantry.kernel.Entries.Place;
import dev.gantry.kernel.ffi.Call;
import dev.gantry.kernel.ffi.Layouts;
import dev.gantry.kernel.ffi.SystemCall;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Instant;

/// Mode, owner, times and length. What has a descriptor for its file changes that file, whoever renames what meanwhile;
/// the descriptor may be [OpenMode#PATH].
public final class FileAttributes {

    private static final int AT_FDCWD = -100;
    private static final int AT_EMPTY_PATH = 0x1000;
    private static final int AT_SYMLINK_NOFOLLOW = 0x100;

    private FileAttributes() {}

    /// Changes the mode of what a descriptor is open on, which is no symlink.
    ///
    /// fchmodat2(2) with `AT_EMPTY_PATH` since 6.6; before, by way of /proc, where the link leads to the
    /// open file itself.
    public static void chmod(OwnedFd file, int mode) throws KernelException {
        try (Arena arena = Arena.ofConfined()) {
            long empty = arena.allocateFrom("").address();
            long result =
                    Kernel.tried(file, number -> SystemCall.invoke(Call.FCHMODAT2, number, empty, mode, AT_EMPTY_PATH));
            if (Kernel.failedWith(Errno.ENOSYS, result)) {
                int number = file.acquire();
                try {
                    long link = arena.allocateFrom("/proc/self/fd/" + number).address();
                    result = SystemCall.invoke(Call.FCHMODAT, AT_FDCWD, link, mode);
                } finally {
                    file.release();
                }
            }
            Kernel.check("fchmodat2", file.toString(), result);
        }
    }

    /// Changes the mode of a name in a directory, unless it is a symlink or the kernel is older than 6.6.
    static boolean chmod(OwnedFd directory, String name, int mode) throws KernelException {
        String subject = directory + "|" + name;
        try (Arena arena = Arena.ofConfined()) {
            long path = CString.in(arena, name, subject).address();
            long result = Kernel.tried(
                    directory, number -> SystemCall.invoke(Call.FCHMODAT2, number, path, mode, AT_SYMLINK_NOFOLLOW));
            if (Kernel.failedWith(Errno.ENOSYS, result) || Kernel.failedWith(Errno.EOPNOTSUPP, result)) {
                return false;
            }
            Kernel.check("fchmodat2", subject, result);
            return true;
        }
    }

    /// Changes the owner of what a descriptor is open on.
    public static void chown(OwnedFd file, long uid, long gid) throws KernelException {
        chown(file, "", file.toString(), uid, gid);
    }

    static void chown(Place place, long uid, long gid) throws KernelException {
        chown(place.directory(), place.name(), place.subject(), uid, gid);
    }

    private static void chown(OwnedFd at, String path, String subject, long uid, long gid) throws KernelException {
        try (Arena arena = Arena.ofConfined()) {
            long name = CString.in(arena, path, subject).address();
            Kernel.call(
                    Call.FCHOWNAT,
                    subject,
                    at,
                    number -> SystemCall.invoke(
                            Call.FCHOWNAT, number, name, uid, gid, AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH));
        }
    }

    /// Sets the times of what a descriptor is open on; kernel 5.8.
    public static void times(OwnedFd file, Instant accessed, Instant modified) throws KernelException {
        times(file, "", file.toString(), accessed, modified);
    }

    static void times(Place place, Instant accessed, Instant modified) throws KernelException {
        times(place.directory(), place.name(), place.subject(), accessed, modified);
    }

    private static void times(OwnedFd at, String path, String subject, Instant accessed, Instant modified)
            throws KernelException {
        try (Arena arena = Arena.ofConfined()) {
            long name = CString.in(arena, path, subject).address();
            MemorySegment times = arena.allocate(Layouts.TIMESPEC, 2);
            put(times, 0, accessed);
            put(times, Layouts.TIMESPEC.byteSize(), modified);
            Kernel.call(
                    Call.UTIMENSAT,
                    subject,
                    at,
                    number -> SystemCall.invoke(
                            Call.UTIMENSAT, number, name, times.address(), AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH));
        }
    }

    static void truncate(OwnedFd file, long size) throws KernelException {
        Kernel.call(Call.FTRUNCATE, file, number -> SystemCall.invoke(Call.FTRUNCATE, number, size));
    }

    private static void put(MemorySegment times, long offset, Instant time) {
        times.set(ValueLayout.JAVA_LONG, offset + Layouts.offset(Layouts.TIMESPEC, "seconds"), time.getEpochSecond());
        times.set(ValueLayout.JAVA_LONG, offset + Layouts.offset(Layouts.TIMESPEC, "nanoseconds"), time.getNano());
    }
}
