package dev.gantry.kernel;

import dev.gantry.kernel.Entries.Place;
import dev.gantry.kernel.ffi.Call;
import dev.gantry.kernel.ffi.Layouts;
import dev.gantry.kernel.ffi.SystemCall;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Instant;

/// Mode, owner, times and length.
final class FileAttributes {

    private static final int AT_FDCWD = -100;
    private static final int AT_EMPTY_PATH = 0x1000;
    private static final int AT_SYMLINK_NOFOLLOW = 0x100;

    private FileAttributes() {}

    /// Changes the mode of what a descriptor is open on; the descriptor may be `O_PATH`.
    ///
    /// fchmodat2(2) with `AT_EMPTY_PATH` since 6.6; before, by way of /proc, where the link leads to the
    /// open file itself.
    static void chmod(OwnedFd file, int mode) throws KernelException {
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

    static void chown(Place place, long uid, long gid) throws KernelException {
        try (Arena arena = Arena.ofConfined()) {
            long name = CString.in(arena, place.name(), place.subject()).address();
            Kernel.call(
                    Call.FCHOWNAT,
                    place.subject(),
                    place.directory(),
                    number -> SystemCall.invoke(Call.FCHOWNAT, number, name, uid, gid, AT_SYMLINK_NOFOLLOW));
        }
    }

    static void times(Place place, Instant accessed, Instant modified) throws KernelException {
        try (Arena arena = Arena.ofConfined()) {
            long name = CString.in(arena, place.name(), place.subject()).address();
            MemorySegment times = arena.allocate(Layouts.TIMESPEC, 2);
            put(times, 0, accessed);
            put(times, Layouts.TIMESPEC.byteSize(), modified);
            Kernel.call(
                    Call.UTIMENSAT,
                    place.subject(),
                    place.directory(),
                    number -> SystemCall.invoke(Call.UTIMENSAT, number, name, times.address(), AT_SYMLINK_NOFOLLOW));
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
