package dev.gantry.runtime.launch.compile;

/// The kernel's constants that the steps use, from the uapi headers named beside them.
final class Uapi {
    // asm-generic/fcntl.h (the same numbers on x86-64 and aarch64, but for O_DIRECTORY and O_NOFOLLOW: see below)
    static final long O_RDONLY = 0;
    static final long O_WRONLY = 1;
    static final long O_RDWR = 2;
    static final long O_CREAT = 0x40;
    static final long O_NOCTTY = 0x100;
    static final long O_NONBLOCK = 0x800;
    static final long O_CLOEXEC = 0x80000;
    static final long O_PATH = 0x200000;
    static final int AT_FDCWD = -100;
    static final long AT_EMPTY_PATH = 0x1000;
    static final long AT_RECURSIVE = 0x8000;
    static final long AT_SYMLINK_NOFOLLOW = 0x100;

    // linux/openat2.h
    static final long RESOLVE_NO_XDEV = 0x01;
    static final long RESOLVE_NO_MAGICLINKS = 0x02;
    static final long RESOLVE_NO_SYMLINKS = 0x04;
    static final long RESOLVE_BENEATH = 0x08;
    static final long RESOLVE_IN_ROOT = 0x10;
    static final long OPEN_HOW_SIZE = 24;

    // linux/mount.h
    static final long OPEN_TREE_CLONE = 1;
    static final long OPEN_TREE_CLOEXEC = O_CLOEXEC;
    static final long MOVE_MOUNT_F_EMPTY_PATH = 0x04;
    static final long MOVE_MOUNT_T_EMPTY_PATH = 0x40;
    static final long FSOPEN_CLOEXEC = 1;
    static final long FSMOUNT_CLOEXEC = 1;
    static final long FSCONFIG_SET_FLAG = 0;
    static final long FSCONFIG_SET_STRING = 1;
    static final long FSCONFIG_CMD_CREATE = 6;
    static final long MOUNT_ATTR_SIZE = 32;
    static final long MS_REC = 0x4000;
    static final long MNT_DETACH = 2;

    // linux/sched.h
    static final long CLONE_NEWNS = 0x0002_0000;
    static final long CLONE_NEWCGROUP = 0x0200_0000;
    static final long CLONE_NEWUTS = 0x0400_0000;
    static final long CLONE_NEWIPC = 0x0800_0000;
    static final long CLONE_NEWTIME = 0x80;
    static final long CLONE_NEWUSER = 0x1000_0000;
    static final long CLONE_NEWPID = 0x2000_0000;
    static final long CLONE_NEWNET = 0x4000_0000;

    // linux/wait.h, poll.h, asm-generic/signal.h, unistd.h
    static final long WALL = 0x4000_0000;
    static final long POLLIN = 1;
    static final long SIGKILL = 9;
    static final int SIGCHLD = 17;
    static final long CLONE_PIDFD = 0x1000;
    static final long SEEK_SET = 0;

    // linux/ioprio.h
    static final long IOPRIO_WHO_PROCESS = 1;

    // linux/prctl.h, linux/securebits.h
    static final long PR_SET_DUMPABLE = 4;
    static final long PR_SET_KEEPCAPS = 8;
    static final long PR_CAPBSET_DROP = 24;
    static final long PR_SET_SECUREBITS = 28;
    static final long SECBIT_NO_SETUID_FIXUP = 4;
    static final long PR_SET_NO_NEW_PRIVS = 38;
    static final long PR_CAP_AMBIENT = 47;
    static final long PR_CAP_AMBIENT_RAISE = 2;
    static final long PR_CAP_AMBIENT_CLEAR_ALL = 4;

    // linux/capability.h, linux/seccomp.h, linux/keyctl.h, linux/close_range.h
    static final long CAPABILITY_VERSION_3 = 0x2008_0522;
    static final int CAP_SETGID = 6;
    static final int CAP_SETUID = 7;
    static final int CAP_SETPCAP = 8;
    static final int CAP_SYS_ADMIN = 21;
    static final long SECCOMP_SET_MODE_FILTER = 1;
    static final long KEYCTL_JOIN_SESSION_KEYRING = 1;
    static final long CLOSE_RANGE_CLOEXEC = 4;

    // sys/stat.h
    static final long S_IFMT = 0xF000;
    static final long S_IFIFO = 0x1000;
    static final long S_IFCHR = 0x2000;
    static final long S_IFBLK = 0x6000;

    // linux/socket.h, linux/sockios.h, linux/if.h
    static final long AF_INET = 2;
    static final long SOCK_DGRAM = 2;
    static final long SOCK_CLOEXEC = O_CLOEXEC;
    static final long SIOCSIFFLAGS = 0x8914;
    static final long IFF_UP = 0x1;
    static final long IFF_RUNNING = 0x40;

    // asm-generic/ioctls.h
    static final long TIOCSCTTY = 0x540E;

    private Uapi() {}
}
