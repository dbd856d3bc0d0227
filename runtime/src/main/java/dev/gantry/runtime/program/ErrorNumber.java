package dev.gantry.runtime.program;

/// The error numbers that a program can branch on. The numbers are the same on both architectures; see errno(3).
public enum ErrorNumber {
    EPERM(1),
    ENOENT(2),
    ESRCH(3),
    EINTR(4),
    EIO(5),
    ENXIO(6),
    E2BIG(7),
    ENOEXEC(8),
    EBADF(9),
    ECHILD(10),
    EAGAIN(11),
    ENOMEM(12),
    EACCES(13),
    EBUSY(16),
    EEXIST(17),
    EXDEV(18),
    ENODEV(19),
    ENOTDIR(20),
    EISDIR(21),
    EINVAL(22),
    ENOTTY(25),
    ETXTBSY(26),
    ENOSPC(28),
    ESPIPE(29),
    EROFS(30),
    ENOSYS(38),
    ENOTEMPTY(39),
    ELOOP(40),
    ENODATA(61),
    EOPNOTSUPP(95);

    private final int number;

    ErrorNumber(int number) {
        this.number = number;
    }

    /// The positive number.
    public int number() {
        return number;
    }
}
