package dev.gantry.runtime.program;

/// The structs that programs pass to the kernel. Their layouts are the same on both architectures; each field is
/// aligned to its own width, as C does.
@SuppressWarnings("ImmutableEnumChecker") // the arrays are never changed and never leave the enum
public enum StructType {
    /// `flags, mode, resolve`; openat2(2)
    OPEN_HOW(8, 8, 8),
    /// `flags, pidfd, child_tid, parent_tid, exit_signal, stack, stack_size, tls, set_tid, set_tid_size, cgroup`;
    /// clone(2)
    CLONE_ARGS(8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8),
    /// `attr_set, attr_clr, propagation, userns_fd`; mount_setattr(2)
    MOUNT_ATTR(8, 8, 8, 8),
    /// `fd, events, revents`; poll(2)
    POLLFD(4, 2, 2),
    /// `tv_sec, tv_nsec`
    TIMESPEC(8, 8),
    /// `rlim_cur, rlim_max`; prlimit(2)
    RLIMIT(8, 8),
    /// `len, filter`; seccomp(2)
    SOCK_FPROG(2, 8),
    /// `version, pid`; capset(2)
    CAP_HEADER(4, 4),
    /// `effective, permitted, inheritable`, twice: low 32 capabilities, then high; capset(2)
    CAP_DATA(4, 4, 4),
    /// The kernel's set of 64 signals, signal n at bit n − 1
    SIGSET(8),
    /// The kernel's `sa_handler, sa_flags, sa_restorer, sa_mask`
    SIGACTION(8, 8, 8, 8),
    /// `ws_row, ws_col, ws_xpixel, ws_ypixel`
    WINSIZE(2, 2, 2, 2),
    /// `ifr_name` (16 bytes in two words), `ifr_flags`, then 14 bytes of the union that flags leave unused (three
    /// fields), 8 of padding; netdevice(7)
    IFREQ(8, 8, 2, 2, 4, 8, 8),
    /// One group or user ID, for setgroups(2)
    ID(4),
    /// `int`
    INT(4),
    /// `long`, `__u64`
    LONG(8),
    /// `iov_base, iov_len`
    IOVEC(8, 8),
    /// `sched_priority`
    SCHED_PARAM(4),
    /// `size, sched_policy, sched_flags, sched_nice, sched_priority, sched_runtime, sched_deadline, sched_period`;
    /// sched_setattr(2), as of Linux 3.14
    SCHED_ATTR(4, 4, 8, 4, 4, 8, 8, 8),
    /// A record for the report pipe; see [Report]
    RECORD(4, 4, 4, 4);

    private final int[] offsets;
    private final int[] widths;
    private final int size;

    StructType(int... widths) {
        this.widths = widths;
        this.offsets = new int[widths.length];
        int at = 0;
        int alignment = 1;
        for (int i = 0; i < widths.length; i++) {
            at = align(at, widths[i]);
            offsets[i] = at;
            at += widths[i];
            alignment = Math.max(alignment, widths[i]);
        }
        this.size = align(at, alignment);
    }

    /// Bytes of one struct, padding included.
    public int size() {
        return size;
    }

    /// How many fields one struct has.
    public int fieldCount() {
        return widths.length;
    }

    /// Where a field begins.
    ///
    /// @param field index over all structs of an array
    public int offset(int field) {
        return field / widths.length * size + offsets[field % widths.length];
    }

    /// How many bytes a field has.
    ///
    /// @param field index over all structs of an array
    public int width(int field) {
        return widths[field % widths.length];
    }

    private static int align(int at, int to) {
        return (at + to - 1) & -to;
    }
}
