package dev.gantry.kernel;

import dev.gantry.kernel.ffi.Call;
import dev.gantry.kernel.ffi.PosixSpawn;
import dev.gantry.kernel.ffi.SystemCall;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/// Starts a process from a descriptor: posix_spawn(3), whose cost does not grow with the JVM's heap.
public final class Spawn {

    /// The number that the first descriptor has in the child.
    public static final int FIRST_DESCRIPTOR = 3;

    /// `POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSID`.
    private static final short FLAGS = 0x04 | 0x08 | 0x80;

    private static final long SIGNAL_SET_SIZE = 128;

    private static final int BUSY_TRIES = 1000;
    private static final long BUSY_PAUSE_NANOS = 1_000_000;

    private static final int PR_SET_CHILD_SUBREAPER = 36;

    private Spawn() {}

    /// Processes whose parent ends become children of this process; prctl(2).
    public static void becomeSubreaper() throws KernelException {
        Kernel.call(Call.PRCTL, "subreaper", () -> SystemCall.invoke(Call.PRCTL, PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0));
    }

    /// Starts `executable` and returns its process ID as soon as it has been executed.
    ///
    /// The child has descriptors 0 to 2 on /dev/null and `descriptors` from 3 on, in order. It also inherits what
    /// the JVM itself opened without close-on-exec, so that the program's first call must be close_range(2). It
    /// leads a session of its own in `/`, blocks no signal, ignores none, and is a child of this JVM: [Pidfd#reap]
    /// it.
    public static int start(OwnedFd executable, String name, List<OwnedFd> descriptors) throws KernelException {
        int above = FIRST_DESCRIPTOR + descriptors.size();
        List<OwnedFd> copies = new ArrayList<>();
        List<OwnedFd> held = new ArrayList<>();
        try (Arena arena = Arena.ofConfined();
                OwnedFd nothing = Resolution.trusted("/dev/null", 0, OpenMode.READ_WRITE)) {
            // numbers inside the target range would be overwritten before they are duplicated themselves
            OwnedFd program = outside(executable, above, copies);
            OwnedFd none = outside(nothing, above, copies);
            List<Integer> sources = new ArrayList<>();
            for (OwnedFd descriptor : descriptors) {
                OwnedFd source = outside(descriptor, above, copies);
                sources.add(source.acquire());
                held.add(source);
            }
            return spawn(arena, program, name, none, sources);
        } finally {
            held.forEach(OwnedFd::release);
            copies.forEach(OwnedFd::close);
        }
    }

    /// The descriptor itself where its number is outside of the target range.
    private static OwnedFd outside(OwnedFd fd, int above, List<OwnedFd> copies) throws KernelException {
        if (fd.isAtLeast(above)) {
            return fd;
        }
        OwnedFd copy = fd.duplicateAtLeast(above);
        copies.add(copy);
        return copy;
    }

    private static int spawn(Arena arena, OwnedFd program, String name, OwnedFd none, List<Integer> sources)
            throws KernelException {
        MemorySegment actions = arena.allocate(PosixSpawn.OBJECT_SIZE, Long.BYTES);
        MemorySegment attributes = arena.allocate(PosixSpawn.OBJECT_SIZE, Long.BYTES);
        check("posix_spawn_file_actions_init", name, PosixSpawn.initActions(actions));
        check("posix_spawnattr_init", name, PosixSpawn.initAttributes(attributes));
        try {
            fill(arena, actions, none, sources);
            check("posix_spawnattr_setflags", name, PosixSpawn.flags(attributes, FLAGS));
            check(
                    "posix_spawnattr_setsigmask",
                    name,
                    PosixSpawn.signalMask(attributes, arena.allocate(SIGNAL_SET_SIZE, Long.BYTES)));
            MemorySegment every = arena.allocate(SIGNAL_SET_SIZE, Long.BYTES).fill((byte) 0xFF);
            check("posix_spawnattr_setsigdefault", name, PosixSpawn.defaultSignals(attributes, every));
            MemorySegment pid = arena.allocate(ValueLayout.JAVA_INT);
            int number = program.acquire();
            try {
                MemorySegment path = arena.allocateFrom("/proc/self/fd/" + number);
                MemorySegment arguments = arena.allocate(ValueLayout.ADDRESS, 2);
                arguments.setAtIndex(ValueLayout.ADDRESS, 0, CString.in(arena, name, name));
                MemorySegment environment = arena.allocate(ValueLayout.ADDRESS, 1);
                check("posix_spawn", name, spawned(pid, path, actions, attributes, arguments, environment));
            } finally {
                program.release();
            }
            return pid.get(ValueLayout.JAVA_INT, 0);
        } finally {
            PosixSpawn.destroyActions(actions);
            PosixSpawn.destroyAttributes(attributes);
        }
    }

    /// A file that was being written just now may still be open in a child of another thread's, which has it until it
    /// executes its own program.
    private static int spawned(
            MemorySegment pid,
            MemorySegment path,
            MemorySegment actions,
            MemorySegment attributes,
            MemorySegment arguments,
            MemorySegment environment) {
        int error = PosixSpawn.spawn(pid, path, actions, attributes, arguments, environment);
        for (int tries = 1; error == Errno.ETXTBSY.value() && tries < BUSY_TRIES; tries++) {
            LockSupport.parkNanos(BUSY_PAUSE_NANOS);
            error = PosixSpawn.spawn(pid, path, actions, attributes, arguments, environment);
        }
        return error;
    }

    private static void fill(Arena arena, MemorySegment actions, OwnedFd none, List<Integer> sources)
            throws KernelException {
        int nothing = none.acquire();
        none.release();
        for (int standard = 0; standard < FIRST_DESCRIPTOR; standard++) {
            check("posix_spawn_file_actions_adddup2", "/dev/null", PosixSpawn.addDup2(actions, nothing, standard));
        }
        for (int i = 0; i < sources.size(); i++) {
            check(
                    "posix_spawn_file_actions_adddup2",
                    "descriptor",
                    PosixSpawn.addDup2(actions, sources.get(i), FIRST_DESCRIPTOR + i));
        }
        check("posix_spawn_file_actions_addchdir_np", "/", PosixSpawn.addChdir(actions, arena.allocateFrom("/")));
    }

    private static void check(String call, String subject, int error) throws KernelException {
        if (error != 0) {
            throw new KernelException(call, subject, new Errno(error));
        }
    }
}
