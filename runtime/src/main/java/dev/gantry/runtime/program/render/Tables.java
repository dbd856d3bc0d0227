package dev.gantry.runtime.program.render;

import java.util.List;

/// The names of the kernel's constants, from the headers of Linux 6.1.
final class Tables {
    // linux/sched.h
    static final Flags CLONE = Flags.of("""
            CLONE_NEWTIME=0x80 CLONE_VM=0x100 CLONE_PIDFD=0x1000 CLONE_VFORK=0x4000 CLONE_PARENT=0x8000 CLONE_NEWNS=0x20000
            CLONE_NEWCGROUP=0x2000000 CLONE_NEWUTS=0x4000000 CLONE_NEWIPC=0x8000000 CLONE_NEWUSER=0x10000000
            CLONE_NEWPID=0x20000000 CLONE_NEWNET=0x40000000 CLONE_INTO_CGROUP=0x200000000
            """);

    // asm-generic/fcntl.h: the access mode stands first and is not a bit
    static final Flags OPEN = Flags.of("""
            O_RDONLY=0 O_CREAT=0x40 O_EXCL=0x80 O_NOCTTY=0x100 O_TRUNC=0x200 O_APPEND=0x400 O_NONBLOCK=0x800
            O_DIRECTORY=0x10000 O_NOFOLLOW=0x20000 O_CLOEXEC=0x80000 O_PATH=0x200000
            """);
    static final Flags DUP = Flags.of("O_CLOEXEC=0x80000");
    static final Flags AT = Flags.of("AT_SYMLINK_NOFOLLOW=0x100 AT_REMOVEDIR=0x200 AT_EMPTY_PATH=0x1000");
    static final Flags AT_TREE =
            Flags.of("AT_SYMLINK_NOFOLLOW=0x100 AT_NO_AUTOMOUNT=0x800 AT_EMPTY_PATH=0x1000 AT_RECURSIVE=0x8000");

    // linux/openat2.h
    static final Flags RESOLVE = Flags.of("""
            RESOLVE_NO_XDEV=0x1 RESOLVE_NO_MAGICLINKS=0x2 RESOLVE_NO_SYMLINKS=0x4 RESOLVE_BENEATH=0x8
            RESOLVE_IN_ROOT=0x10 RESOLVE_CACHED=0x20
            """);

    // linux/mount.h
    static final Flags OPEN_TREE = Flags.of("""
            OPEN_TREE_CLONE=0x1 OPEN_TREE_CLOEXEC=0x80000
            AT_SYMLINK_NOFOLLOW=0x100 AT_NO_AUTOMOUNT=0x800 AT_EMPTY_PATH=0x1000 AT_RECURSIVE=0x8000
            """);
    static final Flags MOVE_MOUNT = Flags.of("MOVE_MOUNT_F_EMPTY_PATH=0x4 MOVE_MOUNT_T_EMPTY_PATH=0x40");
    static final Flags FSOPEN = Flags.of("FSOPEN_CLOEXEC=0x1");
    static final Flags FSMOUNT = Flags.of("FSMOUNT_CLOEXEC=0x1");
    static final Flags FSCONFIG = Flags.of("""
            FSCONFIG_SET_FLAG=0 FSCONFIG_SET_STRING=1 FSCONFIG_SET_BINARY=2 FSCONFIG_SET_PATH=3
            FSCONFIG_SET_PATH_EMPTY=4 FSCONFIG_SET_FD=5 FSCONFIG_CMD_CREATE=6 FSCONFIG_CMD_RECONFIGURE=7
            """);
    static final Flags MOUNT_ATTR = Flags.of("""
            MOUNT_ATTR_RDONLY=0x1 MOUNT_ATTR_NOSUID=0x2 MOUNT_ATTR_NODEV=0x4 MOUNT_ATTR_NOEXEC=0x8
            MOUNT_ATTR_NOATIME=0x10 MOUNT_ATTR_STRICTATIME=0x20 MOUNT_ATTR_NODIRATIME=0x80
            MOUNT_ATTR_IDMAP=0x100000 MOUNT_ATTR_NOSYMFOLLOW=0x200000
            """);
    static final Flags PROPAGATION =
            Flags.of("MS_UNBINDABLE=0x20000 MS_PRIVATE=0x40000 MS_SLAVE=0x80000 MS_SHARED=0x100000");
    static final Flags UMOUNT = Flags.of("MNT_FORCE=0x1 MNT_DETACH=0x2 MNT_EXPIRE=0x4 UMOUNT_NOFOLLOW=0x8");

    // linux/prctl.h, linux/securebits.h, linux/sched/coredump.h
    static final Flags PRCTL = Flags.of("""
            PR_SET_PDEATHSIG=1 PR_SET_DUMPABLE=4 PR_SET_KEEPCAPS=8 PR_SET_NAME=15 PR_CAPBSET_DROP=24
            PR_SET_SECUREBITS=28 PR_SET_CHILD_SUBREAPER=36 PR_SET_NO_NEW_PRIVS=38 PR_CAP_AMBIENT=47
            """);
    static final Flags SECUREBITS = Flags.of("SECBIT_NOROOT=0x1 SECBIT_NO_SETUID_FIXUP=0x4 SECBIT_KEEP_CAPS=0x10");
    static final Flags DUMPABLE = Flags.of("SUID_DUMP_DISABLE=0 SUID_DUMP_USER=1 SUID_DUMP_ROOT=2");
    static final Flags AMBIENT = Flags.of("""
            PR_CAP_AMBIENT_IS_SET=1 PR_CAP_AMBIENT_RAISE=2 PR_CAP_AMBIENT_LOWER=3 PR_CAP_AMBIENT_CLEAR_ALL=4
            """);

    // linux/seccomp.h, linux/keyctl.h, linux/close_range.h, asm-generic/ioctls.h
    static final Flags SECCOMP = Flags.of("SECCOMP_SET_MODE_STRICT=0 SECCOMP_SET_MODE_FILTER=1");
    static final Flags FILTER = Flags.of("""
            SECCOMP_FILTER_FLAG_TSYNC=0x1 SECCOMP_FILTER_FLAG_LOG=0x2 SECCOMP_FILTER_FLAG_SPEC_ALLOW=0x4
            SECCOMP_FILTER_FLAG_NEW_LISTENER=0x8 SECCOMP_FILTER_FLAG_TSYNC_ESRCH=0x10
            """);
    static final Flags KEYCTL = Flags.of("KEYCTL_GET_KEYRING_ID=0 KEYCTL_JOIN_SESSION_KEYRING=1");
    static final Flags CLOSE_RANGE = Flags.of("CLOSE_RANGE_UNSHARE=0x2 CLOSE_RANGE_CLOEXEC=0x4");
    static final Flags IOCTL = Flags.of("TIOCSCTTY=0x540e TIOCSPGRP=0x5410 TIOCSWINSZ=0x5414 SIOCSIFFLAGS=0x8914");

    // linux/socket.h, linux/in.h, linux/if.h
    static final Flags FAMILY = Flags.of("AF_UNIX=1 AF_INET=2 AF_NETLINK=16");
    static final Flags SOCKET = Flags.of("SOCK_STREAM=1 SOCK_DGRAM=2 SOCK_NONBLOCK=0x800 SOCK_CLOEXEC=0x80000");
    static final Flags PROTOCOL = Flags.of("IPPROTO_IP=0");
    static final Flags INTERFACE = Flags.of("IFF_UP=0x1 IFF_RUNNING=0x40");

    // asm-generic/signal.h, linux/wait.h, poll.h, linux/time.h
    static final Flags MASKING = Flags.of("SIG_BLOCK=0 SIG_UNBLOCK=1 SIG_SETMASK=2");
    static final Flags WAIT = Flags.of("WNOHANG=0x1 WEXITED=0x4 __WALL=0x40000000");
    static final Flags WAITED = Flags.of("P_ALL=0 P_PID=1 P_PGID=2 P_PIDFD=3");
    static final Flags POLL = Flags.of("POLLIN=0x1 POLLPRI=0x2 POLLOUT=0x4");
    static final Flags CLOCK = Flags.of("CLOCK_REALTIME=0 CLOCK_MONOTONIC=1");
    static final Flags SIGNAL = Flags.of("SIGKILL=9 SIGTERM=15 SIGCHLD=17");

    // linux/sched.h, linux/personality.h, linux/ioprio.h, linux/mempolicy.h, unistd.h
    static final Flags POLICY = Flags.of("""
            SCHED_OTHER=0 SCHED_FIFO=1 SCHED_RR=2 SCHED_BATCH=3 SCHED_ISO=4 SCHED_IDLE=5 SCHED_DEADLINE=6
            """);
    static final Flags SCHEDULING = Flags.of("""
            SCHED_FLAG_RESET_ON_FORK=0x1 SCHED_FLAG_RECLAIM=0x2 SCHED_FLAG_DL_OVERRUN=0x4 SCHED_FLAG_KEEP_POLICY=0x8
            SCHED_FLAG_KEEP_PARAMS=0x10
            """);
    static final Flags PERSONALITY = Flags.of("PER_LINUX=0 PER_LINUX32=0x8");
    static final Flags IO_WHO = Flags.of("IOPRIO_WHO_PROCESS=1 IOPRIO_WHO_PGRP=2 IOPRIO_WHO_USER=3");
    static final Flags IO_CLASS =
            Flags.of("IOPRIO_CLASS_NONE=0 IOPRIO_CLASS_RT=1 IOPRIO_CLASS_BE=2 IOPRIO_CLASS_IDLE=3");
    static final Flags MEMORY_MODE = Flags.of("""
            MPOL_DEFAULT=0 MPOL_PREFERRED=1 MPOL_BIND=2 MPOL_INTERLEAVE=3 MPOL_LOCAL=4 MPOL_PREFERRED_MANY=5
            MPOL_WEIGHTED_INTERLEAVE=6
            """);
    static final Flags MEMORY_FLAGS =
            Flags.of("MPOL_F_NUMA_BALANCING=0x2000 MPOL_F_RELATIVE_NODES=0x4000 MPOL_F_STATIC_NODES=0x8000");
    static final Flags WHENCE = Flags.of("SEEK_SET=0 SEEK_CUR=1 SEEK_END=2");

    // asm-generic/resource.h
    static final Flags LIMIT = Flags.of("""
            RLIMIT_CPU=0 RLIMIT_FSIZE=1 RLIMIT_DATA=2 RLIMIT_STACK=3 RLIMIT_CORE=4 RLIMIT_RSS=5 RLIMIT_NPROC=6
            RLIMIT_NOFILE=7 RLIMIT_MEMLOCK=8 RLIMIT_AS=9 RLIMIT_LOCKS=10 RLIMIT_SIGPENDING=11 RLIMIT_MSGQUEUE=12
            RLIMIT_NICE=13 RLIMIT_RTPRIO=14 RLIMIT_RTTIME=15
            """);

    // linux/capability.h, in the order of the numbers
    static final List<String> CAPABILITIES = List.of("""
            CAP_CHOWN CAP_DAC_OVERRIDE CAP_DAC_READ_SEARCH CAP_FOWNER CAP_FSETID CAP_KILL CAP_SETGID
            CAP_SETUID CAP_SETPCAP CAP_LINUX_IMMUTABLE CAP_NET_BIND_SERVICE CAP_NET_BROADCAST CAP_NET_ADMIN
            CAP_NET_RAW CAP_IPC_LOCK CAP_IPC_OWNER CAP_SYS_MODULE CAP_SYS_RAWIO CAP_SYS_CHROOT
            CAP_SYS_PTRACE CAP_SYS_PACCT CAP_SYS_ADMIN CAP_SYS_BOOT CAP_SYS_NICE CAP_SYS_RESOURCE
            CAP_SYS_TIME CAP_SYS_TTY_CONFIG CAP_MKNOD CAP_LEASE CAP_AUDIT_WRITE CAP_AUDIT_CONTROL
            CAP_SETFCAP CAP_MAC_OVERRIDE CAP_MAC_ADMIN CAP_SYSLOG CAP_WAKE_ALARM CAP_BLOCK_SUSPEND
            CAP_AUDIT_READ CAP_PERFMON CAP_BPF CAP_CHECKPOINT_RESTORE
            """.strip().split("\\s+", -1));

    private Tables() {}
}
