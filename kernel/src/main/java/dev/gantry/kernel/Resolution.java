package dev.gantry.kernel;

import dev.gantry.kernel.ffi.Call;
import dev.gantry.kernel.ffi.Layouts;
import dev.gantry.kernel.ffi.SystemCall;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Optional;

/// openat2(2): paths that cannot leave the directory they start in.
final class Resolution {

    private static final int AT_FDCWD = -100;
    private static final long RESOLVE_NO_XDEV = 0x01;
    private static final long RESOLVE_NO_MAGICLINKS = 0x02;
    private static final long RESOLVE_IN_ROOT = 0x10;

    private static final long FLAGS = Layouts.offset(Layouts.OPEN_HOW, "flags");
    private static final long MODE = Layouts.offset(Layouts.OPEN_HOW, "mode");
    private static final long RESOLVE = Layouts.offset(Layouts.OPEN_HOW, "resolve");

    /// A rename anywhere in the system during a `..` makes the kernel give up with EAGAIN, in 3 % of the calls
    /// beside a busy renamer; the chance that this many calls in a row meet one is nil.
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

    /// Like [#inRoot]; empty if a component is missing or not a directory, which costs no exception.
    static Optional<OwnedFd> findInRoot(OwnedFd root, String path, OpenMode... modes) throws KernelException {
        long result = tryOpen(root, path, RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS, 0, OpenMode.flags(modes));
        if (Kernel.failedWith(Errno.ENOENT, result) || Kernel.failedWith(Errno.ENOTDIR, result)) {
            return Optional.empty();
        }
        return Optional.of(opened(root, path, result));
    }

    private static OwnedFd open(OwnedFd root, String path, long resolve, int mode, long flags) throws KernelException {
        return opened(root, path, tryOpen(root, path, resolve, mode, flags));
    }

    private static OwnedFd opened(OwnedFd root, String path, long result) throws KernelException {
        String subject = subject(root, path);
        return new OwnedFd(Kernel.check("openat2", subject, result), subject);
    }

    private static String subject(OwnedFd root, String path) {
        return root + "|" + path;
    }

    private static long tryOpen(OwnedFd root, String path, long resolve, int mode, long flags) throws KernelException {
        try (Arena arena = Arena.ofConfined()) {
            long name = CString.in(arena, path.isEmpty() ? "." : path, subject(root, path))
                    .address();
            MemorySegment how = arena.allocate(Layouts.OPEN_HOW);
            how.set(ValueLayout.JAVA_LONG, FLAGS, flags);
            how.set(ValueLayout.JAVA_LONG, MODE, mode);
            how.set(ValueLayout.JAVA_LONG, RESOLVE, resolve);
            long result;
            int tries = 0;
            do {
                result = Kernel.tried(
                        root,
                        number -> SystemCall.invoke(
                                Call.OPENAT2, number, name, how.address(), Layouts.OPEN_HOW.byteSize()));
            } while (Kernel.failedWith(Errno.EAGAIN, result) && ++tries < TRIES);
            return result;
        }
    }
}
