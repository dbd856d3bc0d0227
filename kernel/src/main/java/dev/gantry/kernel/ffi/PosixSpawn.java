package dev.gantry.kernel.ffi;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/// posix_spawn(3) and its two objects. Each method returns zero or the error number, as the functions do.
///
/// The C library's own types are opaque; glibc gives `posix_spawn_file_actions_t` 80 bytes and `posix_spawnattr_t`
/// 336, musl less than that.
public final class PosixSpawn {

    /// Large enough for either object in every C library.
    public static final long OBJECT_SIZE = 512;

    private static final FunctionDescriptor ONE_POINTER = FunctionDescriptor.of(JAVA_INT, ADDRESS);
    private static final FunctionDescriptor TWO_POINTERS = FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS);

    private static final MethodHandle ACTIONS_INIT = Native.libc("posix_spawn_file_actions_init", ONE_POINTER);
    private static final MethodHandle ACTIONS_DESTROY = Native.libc("posix_spawn_file_actions_destroy", ONE_POINTER);
    private static final MethodHandle ACTIONS_DUP2 = Native.libc(
            "posix_spawn_file_actions_adddup2", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT));
    private static final MethodHandle ACTIONS_CHDIR = Native.libc("posix_spawn_file_actions_addchdir_np", TWO_POINTERS);
    private static final MethodHandle ATTRIBUTES_INIT = Native.libc("posix_spawnattr_init", ONE_POINTER);
    private static final MethodHandle ATTRIBUTES_DESTROY = Native.libc("posix_spawnattr_destroy", ONE_POINTER);
    private static final MethodHandle ATTRIBUTES_FLAGS =
            Native.libc("posix_spawnattr_setflags", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_SHORT));
    private static final MethodHandle ATTRIBUTES_MASK = Native.libc("posix_spawnattr_setsigmask", TWO_POINTERS);
    private static final MethodHandle ATTRIBUTES_DEFAULT = Native.libc("posix_spawnattr_setsigdefault", TWO_POINTERS);
    private static final MethodHandle SPAWN = Native.libc(
            "posix_spawn", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS));

    private PosixSpawn() {}

    public static int initActions(MemorySegment actions) {
        return one(ACTIONS_INIT, actions);
    }

    public static int destroyActions(MemorySegment actions) {
        return one(ACTIONS_DESTROY, actions);
    }

    /// A duplicate to the same number clears close-on-exec (glibc 2.29, musl 1.1.24).
    public static int addDup2(MemorySegment actions, int from, int to) {
        try {
            return (int) ACTIONS_DUP2.invokeExact(actions, from, to);
        } catch (Throwable impossible) {
            throw Native.mismatch("posix_spawn_file_actions_adddup2", impossible);
        }
    }

    public static int addChdir(MemorySegment actions, MemorySegment path) {
        return two(ACTIONS_CHDIR, actions, path);
    }

    public static int initAttributes(MemorySegment attributes) {
        return one(ATTRIBUTES_INIT, attributes);
    }

    public static int destroyAttributes(MemorySegment attributes) {
        return one(ATTRIBUTES_DESTROY, attributes);
    }

    public static int flags(MemorySegment attributes, short flags) {
        try {
            return (int) ATTRIBUTES_FLAGS.invokeExact(attributes, flags);
        } catch (Throwable impossible) {
            throw Native.mismatch("posix_spawnattr_setflags", impossible);
        }
    }

    public static int signalMask(MemorySegment attributes, MemorySegment set) {
        return two(ATTRIBUTES_MASK, attributes, set);
    }

    public static int defaultSignals(MemorySegment attributes, MemorySegment set) {
        return two(ATTRIBUTES_DEFAULT, attributes, set);
    }

    /// `int posix_spawn(pid_t *pid, const char *path, actions, attributes, char *const argv[], char *const envp[])`.
    public static int spawn(
            MemorySegment pid,
            MemorySegment path,
            MemorySegment actions,
            MemorySegment attributes,
            MemorySegment arguments,
            MemorySegment environment) {
        try {
            return (int) SPAWN.invokeExact(pid, path, actions, attributes, arguments, environment);
        } catch (Throwable impossible) {
            throw Native.mismatch("posix_spawn", impossible);
        }
    }

    private static int one(MethodHandle function, MemorySegment object) {
        try {
            return (int) function.invokeExact(object);
        } catch (Throwable impossible) {
            throw Native.mismatch("posix_spawn", impossible);
        }
    }

    private static int two(MethodHandle function, MemorySegment object, MemorySegment argument) {
        try {
            return (int) function.invokeExact(object, argument);
        } catch (Throwable impossible) {
            throw Native.mismatch("posix_spawn", impossible);
        }
    }
}
