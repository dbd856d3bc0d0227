package dev.gantry.kernel.ffi;

import java.util.Locale;

/// The system calls that Gantry makes, with their number on each architecture.
///
/// Numbers from the kernel's `asm/unistd_64.h` (x86-64) and `asm-generic/unistd.h` (aarch64).
public enum Call {
    BPF(321, 280),
    CAPGET(125, 90),
    CLOSE(3, 57),
    CONNECT(42, 203),
    COPY_FILE_RANGE(326, 285),
    EPOLL_CREATE1(291, 20),
    EPOLL_CTL(233, 21),
    EPOLL_PWAIT(281, 22),
    EVENTFD2(290, 19),
    FALLOCATE(285, 47),
    FCHMOD(91, 52),
    FCHMODAT(268, 53),
    FCHMODAT2(452, 452),
    FCHOWNAT(260, 54),
    FCNTL(72, 25),
    FDATASYNC(75, 83),
    FGETXATTR(193, 10),
    FLISTXATTR(196, 13),
    FLOCK(73, 32),
    FSCONFIG(431, 431),
    FSETXATTR(190, 7),
    FSMOUNT(432, 432),
    FSOPEN(430, 430),
    FSPICK(433, 433),
    FSTATFS(138, 44),
    FSYNC(74, 82),
    FTRUNCATE(77, 46),
    GETDENTS64(217, 61),
    GETPID(39, 172),
    GETXATTR(191, 8),
    IOCTL(16, 29),
    LINKAT(265, 37),
    LISTXATTR(194, 11),
    LSEEK(8, 62),
    MEMFD_CREATE(319, 279),
    MKDIRAT(258, 34),
    MKNODAT(259, 33),
    MMAP(9, 222),
    MOUNT_SETATTR(442, 442),
    MOVE_MOUNT(429, 429),
    MPROTECT(10, 226),
    OPEN_TREE(428, 428),
    OPENAT(257, 56),
    OPENAT2(437, 437),
    PIDFD_GETFD(438, 438),
    PIDFD_OPEN(434, 434),
    PIDFD_SEND_SIGNAL(424, 424),
    PIPE2(293, 59),
    PPOLL(271, 73),
    PRCTL(157, 167),
    PREAD64(17, 67),
    PRLIMIT64(302, 261),
    PWRITE64(18, 68),
    READ(0, 63),
    READLINKAT(267, 78),
    REMOVEXATTR(197, 14),
    RENAMEAT2(316, 276),
    RT_SIGACTION(13, 134),
    SENDMSG(46, 211),
    SETFSGID(123, 152),
    SETFSUID(122, 151),
    SETNS(308, 268),
    SETXATTR(188, 5),
    SOCKET(41, 198),
    SPLICE(275, 76),
    STATFS(137, 43),
    STATX(332, 291),
    SYMLINKAT(266, 36),
    SYNCFS(306, 267),
    TEE(276, 77),
    UMASK(95, 166),
    UMOUNT2(166, 39),
    UNLINKAT(263, 35),
    UNSHARE(272, 97),
    UTIMENSAT(280, 88),
    WAITID(247, 95),
    WRITE(1, 64);

    private final int x86;
    private final int aarch64;

    Call(int x86, int aarch64) {
        this.x86 = x86;
        this.aarch64 = aarch64;
    }

    /// The name as the manual pages spell it (section 2), for example `openat2`.
    public String symbol() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// The number on the machine that runs this JVM.
    public long number() {
        return switch (Machine.CURRENT) {
            case X86_64 -> x86;
            case AARCH64 -> aarch64;
        };
    }
}
