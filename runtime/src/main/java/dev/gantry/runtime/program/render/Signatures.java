package dev.gantry.runtime.program.render;

import static dev.gantry.runtime.program.render.Decoder.AT_FLAGS;
import static dev.gantry.runtime.program.render.Decoder.AT_TREE_FLAGS;
import static dev.gantry.runtime.program.render.Decoder.CLOCK;
import static dev.gantry.runtime.program.render.Decoder.CLONE_FLAGS;
import static dev.gantry.runtime.program.render.Decoder.CLOSE_RANGE_FLAGS;
import static dev.gantry.runtime.program.render.Decoder.DESCRIPTOR;
import static dev.gantry.runtime.program.render.Decoder.DEVICE;
import static dev.gantry.runtime.program.render.Decoder.DUP_FLAGS;
import static dev.gantry.runtime.program.render.Decoder.FAMILY;
import static dev.gantry.runtime.program.render.Decoder.FILTER_FLAGS;
import static dev.gantry.runtime.program.render.Decoder.FSMOUNT_FLAGS;
import static dev.gantry.runtime.program.render.Decoder.FSOPEN_FLAGS;
import static dev.gantry.runtime.program.render.Decoder.HEXADECIMAL;
import static dev.gantry.runtime.program.render.Decoder.IO_PRIORITY;
import static dev.gantry.runtime.program.render.Decoder.IO_WHO;
import static dev.gantry.runtime.program.render.Decoder.LIMIT;
import static dev.gantry.runtime.program.render.Decoder.MASKING;
import static dev.gantry.runtime.program.render.Decoder.MOUNT_ATTRIBUTES;
import static dev.gantry.runtime.program.render.Decoder.MOVE_MOUNT_FLAGS;
import static dev.gantry.runtime.program.render.Decoder.NUMBER;
import static dev.gantry.runtime.program.render.Decoder.OCTAL;
import static dev.gantry.runtime.program.render.Decoder.OPEN_TREE_FLAGS;
import static dev.gantry.runtime.program.render.Decoder.PERSONALITY;
import static dev.gantry.runtime.program.render.Decoder.POINTER;
import static dev.gantry.runtime.program.render.Decoder.PROTOCOL;
import static dev.gantry.runtime.program.render.Decoder.SECCOMP_OPERATION;
import static dev.gantry.runtime.program.render.Decoder.SIGNAL;
import static dev.gantry.runtime.program.render.Decoder.SOCKET;
import static dev.gantry.runtime.program.render.Decoder.UMASK;
import static dev.gantry.runtime.program.render.Decoder.UMOUNT_FLAGS;
import static dev.gantry.runtime.program.render.Decoder.UNSIGNED;
import static dev.gantry.runtime.program.render.Decoder.WAITED;
import static dev.gantry.runtime.program.render.Decoder.WAIT_FLAGS;
import static dev.gantry.runtime.program.render.Decoder.WHENCE;

import dev.gantry.runtime.program.Syscall;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/// What the arguments of each system call are; section 2 of the manual.
final class Signatures {
    private static final Map<Syscall, List<Decoder>> ALL = new EnumMap<>(Syscall.class);

    static {
        files();
        mounts();
        processes();
        signals();
        rights();
    }

    private Signatures() {}

    /// Calls that are not listed have numbers and pointers.
    static List<Decoder> of(Syscall syscall) {
        return ALL.getOrDefault(syscall, List.of());
    }

    private static void put(Syscall syscall, Decoder... arguments) {
        ALL.put(syscall, List.of(arguments));
    }

    private static void files() {
        put(Syscall.OPENAT2, DESCRIPTOR, POINTER, POINTER, UNSIGNED);
        put(Syscall.CLOSE, DESCRIPTOR);
        put(Syscall.CLOSE_RANGE, UNSIGNED, UNSIGNED, CLOSE_RANGE_FLAGS);
        put(Syscall.DUP3, DESCRIPTOR, DESCRIPTOR, DUP_FLAGS);
        put(Syscall.READ, DESCRIPTOR, POINTER, UNSIGNED);
        put(Syscall.WRITE, DESCRIPTOR, POINTER, UNSIGNED);
        put(Syscall.PWRITE64, DESCRIPTOR, POINTER, UNSIGNED, NUMBER);
        put(Syscall.LSEEK, DESCRIPTOR, NUMBER, WHENCE);
        put(Syscall.FSTAT, DESCRIPTOR, POINTER);
        put(Syscall.FCHDIR, DESCRIPTOR);
        put(Syscall.CHDIR, POINTER);
        put(Syscall.GETCWD, POINTER, UNSIGNED);
        put(Syscall.FCHMOD, DESCRIPTOR, OCTAL);
        put(Syscall.FCHMODAT, DESCRIPTOR, POINTER, OCTAL);
        put(Syscall.FCHOWN, DESCRIPTOR, NUMBER, NUMBER);
        put(Syscall.FCHOWNAT, DESCRIPTOR, POINTER, NUMBER, NUMBER, AT_FLAGS);
        put(Syscall.MKDIRAT, DESCRIPTOR, POINTER, OCTAL);
        put(Syscall.MKNODAT, DESCRIPTOR, POINTER, OCTAL, DEVICE);
        put(Syscall.SYMLINKAT, POINTER, DESCRIPTOR, POINTER);
        put(Syscall.UNLINKAT, DESCRIPTOR, POINTER, AT_FLAGS);
        put(Syscall.UMASK, UMASK);
    }

    private static void mounts() {
        put(Syscall.FSOPEN, POINTER, FSOPEN_FLAGS);
        put(Syscall.FSMOUNT, DESCRIPTOR, FSMOUNT_FLAGS, MOUNT_ATTRIBUTES);
        put(Syscall.MOVE_MOUNT, DESCRIPTOR, POINTER, DESCRIPTOR, POINTER, MOVE_MOUNT_FLAGS);
        put(Syscall.OPEN_TREE, DESCRIPTOR, POINTER, OPEN_TREE_FLAGS);
        put(Syscall.MOUNT_SETATTR, DESCRIPTOR, POINTER, AT_TREE_FLAGS, POINTER, UNSIGNED);
        put(Syscall.PIVOT_ROOT, POINTER, POINTER);
        put(Syscall.UMOUNT2, POINTER, UMOUNT_FLAGS);
        put(Syscall.SOCKET, FAMILY, SOCKET, PROTOCOL);
        put(Syscall.SETHOSTNAME, POINTER, UNSIGNED);
        put(Syscall.SETDOMAINNAME, POINTER, UNSIGNED);
    }

    private static void processes() {
        put(Syscall.CLONE, CLONE_FLAGS, POINTER, POINTER, POINTER, POINTER);
        put(Syscall.CLONE3, POINTER, UNSIGNED);
        put(Syscall.UNSHARE, CLONE_FLAGS);
        put(Syscall.SETNS, DESCRIPTOR, CLONE_FLAGS);
        put(Syscall.EXECVE, POINTER, POINTER, POINTER);
        put(Syscall.EXIT_GROUP, NUMBER);
        put(Syscall.WAIT4, NUMBER, POINTER, WAIT_FLAGS, POINTER);
        put(Syscall.WAITID, WAITED, DESCRIPTOR, POINTER, WAIT_FLAGS, POINTER);
        put(Syscall.PIDFD_OPEN, NUMBER, NUMBER);
        put(Syscall.PPOLL, POINTER, UNSIGNED, POINTER, POINTER, UNSIGNED);
        put(Syscall.CLOCK_GETTIME, CLOCK, POINTER);
        put(Syscall.MUNMAP, HEXADECIMAL, UNSIGNED);
        put(Syscall.SETPGID, NUMBER, NUMBER);
        put(Syscall.SCHED_SETATTR, NUMBER, POINTER, UNSIGNED);
        put(Syscall.IOPRIO_SET, IO_WHO, NUMBER, IO_PRIORITY);
        put(Syscall.PERSONALITY, PERSONALITY);
        put(Syscall.PRLIMIT64, NUMBER, LIMIT, POINTER, POINTER);
    }

    private static void signals() {
        put(Syscall.KILL, NUMBER, SIGNAL);
        put(Syscall.RT_SIGPROCMASK, MASKING, POINTER, POINTER, UNSIGNED);
        put(Syscall.RT_SIGTIMEDWAIT, POINTER, POINTER, POINTER, UNSIGNED);
    }

    private static void rights() {
        put(Syscall.SETFSGID, NUMBER);
        put(Syscall.SETFSUID, NUMBER);
        put(Syscall.SETGROUPS, UNSIGNED, POINTER);
        put(Syscall.SETRESGID, NUMBER, NUMBER, NUMBER);
        put(Syscall.SETRESUID, NUMBER, NUMBER, NUMBER);
        put(Syscall.CAPSET, POINTER, POINTER);
        put(Syscall.SECCOMP, SECCOMP_OPERATION, FILTER_FLAGS, POINTER);
    }
}
