package dev.gantry.runtime.program;

import java.util.Locale;

/// The system calls that programs make, with their numbers on both architectures (Linux 6.1 headers,
/// `asm/unistd_64.h` and `asm-generic/unistd.h`).
///
/// Calls that aarch64 lacks (`open`, `mknod`, `fork`, `dup2`, `pause`, …) are not here: their `…at`/`…3` forms
/// exist on both.
public enum Syscall {
    BIND(49, 200, 3),
    CAPGET(125, 90, 2),
    CAPSET(126, 91, 2),
    CHDIR(80, 49, 1),
    CHROOT(161, 51, 1),
    CLOCK_GETTIME(228, 113, 2),
    CLOCK_NANOSLEEP(230, 115, 4),
    CLONE(56, 220, 5),
    CLONE3(435, 435, 2),
    CLOSE(3, 57, 1),
    CLOSE_RANGE(436, 436, 3),
    DUP(32, 23, 1),
    DUP3(292, 24, 3),
    EVENTFD2(290, 19, 2),
    EXECVE(59, 221, 3),
    EXECVEAT(322, 281, 5),
    EXIT(60, 93, 1),
    EXIT_GROUP(231, 94, 1),
    FACCESSAT2(439, 439, 4),
    FCHDIR(81, 50, 1),
    FCHMOD(91, 52, 2),
    FCHMODAT(268, 53, 3),
    FCHOWN(93, 55, 3),
    FCHOWNAT(260, 54, 5),
    FCNTL(72, 25, 3),
    FSCONFIG(431, 431, 5),
    FSMOUNT(432, 432, 3),
    FSOPEN(430, 430, 2),
    FSPICK(433, 433, 3),
    FSTAT(5, 80, 2),
    FSTATFS(138, 44, 2),
    FSYNC(74, 82, 1),
    FTRUNCATE(77, 46, 2),
    GETCWD(79, 17, 2),
    GETPID(39, 172, 0),
    GETPPID(110, 173, 0),
    GETTID(186, 178, 0),
    IOCTL(16, 29, 3),
    IOPRIO_SET(251, 30, 3),
    KEYCTL(250, 219, 5),
    KILL(62, 129, 2),
    LINKAT(265, 37, 5),
    LSEEK(8, 62, 3),
    MADVISE(28, 233, 3),
    MKDIRAT(258, 34, 3),
    MKNODAT(259, 33, 4),
    MMAP(9, 222, 6),
    MOUNT(165, 40, 5),
    MOUNT_SETATTR(442, 442, 5),
    MOVE_MOUNT(429, 429, 5),
    MUNMAP(11, 215, 2),
    NEWFSTATAT(262, 79, 4),
    OPENAT(257, 56, 4),
    OPENAT2(437, 437, 4),
    OPEN_TREE(428, 428, 3),
    PERSONALITY(135, 92, 1),
    PIDFD_GETFD(438, 438, 3),
    PIDFD_OPEN(434, 434, 2),
    PIDFD_SEND_SIGNAL(424, 424, 4),
    PIPE2(293, 59, 2),
    PIVOT_ROOT(155, 41, 2),
    PPOLL(271, 73, 5),
    PRCTL(157, 167, 5),
    PREAD64(17, 67, 4),
    PRLIMIT64(302, 261, 4),
    PWRITE64(18, 68, 4),
    READ(0, 63, 3),
    READLINKAT(267, 78, 4),
    RECVFROM(45, 207, 6),
    RENAMEAT2(316, 276, 5),
    RT_SIGACTION(13, 134, 4),
    RT_SIGPROCMASK(14, 135, 4),
    RT_SIGTIMEDWAIT(128, 137, 4),
    SCHED_SETAFFINITY(203, 122, 3),
    SCHED_SETATTR(314, 274, 3),
    SCHED_SETSCHEDULER(144, 119, 3),
    SCHED_YIELD(24, 124, 0),
    SECCOMP(317, 277, 3),
    SENDTO(44, 206, 6),
    SETDOMAINNAME(171, 162, 2),
    SETFSGID(123, 152, 1),
    SETFSUID(122, 151, 1),
    SETGROUPS(116, 159, 2),
    SETHOSTNAME(170, 161, 2),
    SETNS(308, 268, 2),
    SET_MEMPOLICY(238, 237, 3),
    SETPGID(109, 154, 2),
    SETPRIORITY(141, 140, 3),
    SETRESGID(119, 149, 3),
    SETRESUID(117, 147, 3),
    SETSID(112, 157, 0),
    SOCKET(41, 198, 3),
    SYMLINKAT(266, 36, 3),
    TGKILL(234, 131, 3),
    UMASK(95, 166, 1),
    UMOUNT2(166, 39, 2),
    UNLINKAT(263, 35, 3),
    UNSHARE(272, 97, 1),
    WAIT4(61, 260, 4),
    WAITID(247, 95, 5),
    WRITE(1, 64, 3);

    private final int x86;
    private final int aarch64;
    private final int parameters;

    Syscall(int x86, int aarch64, int parameters) {
        this.x86 = x86;
        this.aarch64 = aarch64;
        this.parameters = parameters;
    }

    /// The number that selects the call.
    public int number(Architecture architecture) {
        return switch (architecture) {
            case X86_64 -> x86;
            case AARCH64 -> aarch64;
        };
    }

    /// How many arguments a program gives.
    public int parameters() {
        return parameters;
    }

    /// Whether the call never returns, unless a seccomp filter denies it.
    public boolean ends() {
        return this == EXIT || this == EXIT_GROUP;
    }

    /// The name as strace(1) prints it.
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
