package dev.gantry.kernel;

import dev.gantry.kernel.ffi.Call;
import dev.gantry.kernel.ffi.Layouts;
import dev.gantry.kernel.ffi.SystemCall;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// openat2(2): paths that cannot leave the directory they start in.
final class Resolution {

    private static final int AT_FDCWD = -100;
    private static final long RESOLVE_NO_XDEV = 0x01;
    private static final long RESOLVE_NO_MAGICLINKS = 0x02;
    private static final long RESOLVE_IN_ROOT = 0x10;

    /// A rename anywhere in the system during a `..` makes the kernel give up with EAGAIN, in 3 % of the calls
    /// beside a
    /// busy renamer; the chance that this many calls in a row meet one is nil.
    private static final int TRIES = 128;

    private Resolution() {}

    /// Opens `path` with `root` as `/`; symlinks are followed inside, `..` stops at the root.
    static OwnedFd inRoot(OwnedFd root, String path, int mode, OpenMode... modes) throws KernelException {
        return open(root, path, RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS, mode, OpenMode.flags(modes));
    }

    /// Like [#inRoot], and never into another mount.
    static OwnedFd inRootAndMount(OwnedFd root, String path, OpenMode... modes) throws KernelException {
        return open(root, path, RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS | RESOLVE_NO_XDEV, 0, OpenMode.flags(modes));
    }

    /// Opens a host path that nobody but us decides on.
    static OwnedFd trusted(String path, int mode, OpenMode... modes) throws KernelException {
        try (Arena arena = Arena.ofConfined()) {
            long name = CString.in(arena, path, path).address();
            long number = Kernel.call(
                    Call.OPENAT,
                    path,
                    () -> SystemCall.invoke(Call.OPENAT, AT_FDCWD, name, OpenMode.flags(modes), mode));
            return new OwnedFd(number, path);
        }
    }

    private static OwnedFd open(OwnedFd root, String path, long resolve, int mode, long flags) throws KernelException {
        String subject = root + "|" + path;
        try (Arena arena = Arena.ofConfined()) {
            long name = CString.in(arena, path.isEmpty() ? "." : path, subject).address();
            MemorySegment how = arena.allocate(Layouts.OPEN_HOW);
            how.set(ValueLayout.JAVA_LONG, Layouts.offset(Layouts.OPEN_HOW, "flags"), flags);
            how.set(ValueLayout.JAVA_LONG, Layouts.offset(Layouts.OPEN_HOW, "mode"), mode);
            how.set(ValueLayout.JAVA_LONG, Layouts.offset(Layouts.OPEN_HOW, "resolve"), resolve);
            long result;
            int tries = 0;
            do {
                result = Kernel.tried(
                        root,
                        number -> SystemCall.invoke(
                                Call.OPENAT2, number, name, how.address(), Layouts.OPEN_HOW.byteSize()));
            } while (Kernel.failedWith(Errno.EAGAIN, result) && ++tries < TRIES);
            return new OwnedFd(Kernel.check("openat2", subject, result), subject);
        }
    }
}
