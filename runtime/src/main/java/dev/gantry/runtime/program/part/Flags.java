package dev.gantry.runtime.program.part;

/// The kernel's constants that the parts use, from the uapi headers named beside them.
final class Flags {
    // sched.h
    static final long CLONE_VM = 0x100;
    static final long CLONE_PIDFD = 0x1000;
    static final long CLONE_VFORK = 0x4000;
    static final long CLONE_PARENT = 0x8000;
    static final long CLONE_INTO_CGROUP = 0x2_0000_0000L;

    // asm-generic/signal.h
    static final int SIGCHLD = 17;
    static final int SIG_SETMASK = 2;
    static final int SIGSET_SIZE = 8;
    static final long ALL_SIGNALS = -1;

    // linux/wait.h
    static final int WNOHANG = 1;
    static final int WEXITED = 4;
    static final int ALL_CHILDREN = 0x4000_0000;
    static final int P_PIDFD = 3;

    // asm-generic/fcntl.h, poll.h, ioctls.h, linux/time.h
    static final int O_CLOEXEC = 0x80000;
    static final int POLLIN = 1;
    static final int TIOCSPGRP = 0x5410;
    static final int CLOCK_REALTIME = 0;

    private Flags() {}
}
