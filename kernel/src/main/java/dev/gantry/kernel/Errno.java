package dev.gantry.kernel;

import dev.gantry.kernel.ffi.ErrnoTable;

/// An error number as the kernel returns it; compared by value, printed by name (`ENOENT`).
///
/// The constants are those that Gantry's code decides on; every number of errno(3) has its name and text. Both are
/// the same on x86-64 and aarch64 (`asm-generic/errno.h`).
///
/// @param value the positive number
public record Errno(int value) {

    public static final Errno EPERM = new Errno(1);
    public static final Errno ENOENT = new Errno(2);
    public static final Errno ESRCH = new Errno(3);
    public static final Errno EINTR = new Errno(4);
    public static final Errno EIO = new Errno(5);
    public static final Errno ENXIO = new Errno(6);
    public static final Errno E2BIG = new Errno(7);
    public static final Errno ENOEXEC = new Errno(8);
    public static final Errno EBADF = new Errno(9);
    public static final Errno ECHILD = new Errno(10);
    public static final Errno EAGAIN = new Errno(11);
    public static final Errno ENOMEM = new Errno(12);
    public static final Errno EACCES = new Errno(13);
    public static final Errno EBUSY = new Errno(16);
    public static final Errno EEXIST = new Errno(17);
    public static final Errno EXDEV = new Errno(18);
    public static final Errno ENODEV = new Errno(19);
    public static final Errno ENOTDIR = new Errno(20);
    public static final Errno EISDIR = new Errno(21);
    public static final Errno EINVAL = new Errno(22);
    public static final Errno ENFILE = new Errno(23);
    public static final Errno EMFILE = new Errno(24);
    public static final Errno ENOTTY = new Errno(25);
    public static final Errno ETXTBSY = new Errno(26);
    public static final Errno EFBIG = new Errno(27);
    public static final Errno ENOSPC = new Errno(28);
    public static final Errno ESPIPE = new Errno(29);
    public static final Errno EROFS = new Errno(30);
    public static final Errno EMLINK = new Errno(31);
    public static final Errno EPIPE = new Errno(32);
    public static final Errno ERANGE = new Errno(34);
    public static final Errno ENAMETOOLONG = new Errno(36);
    public static final Errno ENOSYS = new Errno(38);
    public static final Errno ENOTEMPTY = new Errno(39);
    public static final Errno ELOOP = new Errno(40);
    public static final Errno ENODATA = new Errno(61);
    public static final Errno EOVERFLOW = new Errno(75);
    public static final Errno EOPNOTSUPP = new Errno(95);
    public static final Errno ETIMEDOUT = new Errno(110);
    public static final Errno EDQUOT = new Errno(122);

    public Errno {
        if (value <= 0) {
            throw new IllegalArgumentException("errno " + value + ": got a number below 1");
        }
    }

    /// The symbolic name, for example `ENOENT`; `errno 4711` for a number without one.
    public String symbol() {
        return ErrnoTable.symbol(value);
    }

    /// What strerror(3) says in the C locale, in lower case: `no such file or directory`.
    public String description() {
        return ErrnoTable.description(value);
    }

    @Override
    public String toString() {
        return symbol();
    }
}
