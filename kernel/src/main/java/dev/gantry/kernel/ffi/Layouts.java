package dev.gantry.kernel.ffi;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.StructLayout;

/// The kernel's structures, from its own headers.
public final class Layouts {

    /// `struct open_how`, `linux/openat2.h`.
    public static final StructLayout OPEN_HOW = MemoryLayout.structLayout(
            JAVA_LONG.withName("flags"), JAVA_LONG.withName("mode"), JAVA_LONG.withName("resolve"));

    /// `struct timespec`.
    public static final StructLayout TIMESPEC =
            MemoryLayout.structLayout(JAVA_LONG.withName("seconds"), JAVA_LONG.withName("nanoseconds"));

    private static final StructLayout STATX_TIMESTAMP = MemoryLayout.structLayout(
            JAVA_LONG.withName("seconds"), JAVA_INT.withName("nanoseconds"), MemoryLayout.paddingLayout(4));

    /// `struct statx`, `linux/stat.h`.
    public static final StructLayout STATX = MemoryLayout.structLayout(
            JAVA_INT.withName("mask"),
            JAVA_INT.withName("blksize"),
            JAVA_LONG.withName("attributes"),
            JAVA_INT.withName("nlink"),
            JAVA_INT.withName("uid"),
            JAVA_INT.withName("gid"),
            JAVA_SHORT.withName("mode"),
            MemoryLayout.paddingLayout(2),
            JAVA_LONG.withName("ino"),
            JAVA_LONG.withName("size"),
            JAVA_LONG.withName("blocks"),
            JAVA_LONG.withName("attributes_mask"),
            STATX_TIMESTAMP.withName("atime"),
            STATX_TIMESTAMP.withName("btime"),
            STATX_TIMESTAMP.withName("ctime"),
            STATX_TIMESTAMP.withName("mtime"),
            JAVA_INT.withName("rdev_major"),
            JAVA_INT.withName("rdev_minor"),
            JAVA_INT.withName("dev_major"),
            JAVA_INT.withName("dev_minor"),
            JAVA_LONG.withName("mnt_id"),
            MemoryLayout.paddingLayout(104));

    /// `struct mount_attr`, `linux/mount.h`.
    public static final StructLayout MOUNT_ATTR = MemoryLayout.structLayout(
            JAVA_LONG.withName("attr_set"),
            JAVA_LONG.withName("attr_clr"),
            JAVA_LONG.withName("propagation"),
            JAVA_LONG.withName("userns_fd"));

    /// `struct winsize`, `asm-generic/termios.h`.
    public static final StructLayout WINSIZE = MemoryLayout.structLayout(
            JAVA_SHORT.withName("ws_row"),
            JAVA_SHORT.withName("ws_col"),
            JAVA_SHORT.withName("ws_xpixel"),
            JAVA_SHORT.withName("ws_ypixel"));

    /// `struct ifreq` with flags, `linux/if.h`.
    public static final StructLayout IFREQ_FLAGS = MemoryLayout.structLayout(
            MemoryLayout.sequenceLayout(16, JAVA_BYTE).withName("name"),
            JAVA_SHORT.withName("flags"),
            MemoryLayout.paddingLayout(22));

    /// `union bpf_attr` for `BPF_PROG_LOAD`, up to the last member that is used; `linux/bpf.h`.
    public static final StructLayout BPF_PROG_LOAD = MemoryLayout.structLayout(
            JAVA_INT.withName("prog_type"),
            JAVA_INT.withName("insn_cnt"),
            JAVA_LONG.withName("insns"),
            JAVA_LONG.withName("license"),
            JAVA_INT.withName("log_level"),
            JAVA_INT.withName("log_size"),
            JAVA_LONG.withName("log_buf"));

    /// `union bpf_attr` for `BPF_PROG_ATTACH`, up to the last member that is used; `linux/bpf.h`.
    public static final StructLayout BPF_PROG_ATTACH = MemoryLayout.structLayout(
            JAVA_INT.withName("target_fd"),
            JAVA_INT.withName("attach_bpf_fd"),
            JAVA_INT.withName("attach_type"),
            JAVA_INT.withName("attach_flags"));

    /// `struct scmp_arg_cmp`, `seccomp.h` of libseccomp.
    public static final StructLayout SCMP_ARG_CMP = MemoryLayout.structLayout(
            JAVA_INT.withName("arg"),
            JAVA_INT.withName("op"),
            JAVA_LONG.withName("datum_a"),
            JAVA_LONG.withName("datum_b"));

    private Layouts() {}

    /// The offset of a member, by its path of names.
    public static long offset(StructLayout layout, String... names) {
        MemoryLayout.PathElement[] path = new MemoryLayout.PathElement[names.length];
        for (int i = 0; i < names.length; i++) {
            path[i] = MemoryLayout.PathElement.groupElement(names[i]);
        }
        return layout.byteOffset(path);
    }
}
