package dev.gantry.kernel.ffi;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/// `long syscall(long number, ...)`, syscall(2): any system call by number.
///
/// Each method returns the result, or the negative error number. Pointers are passed as addresses: the caller
/// keeps the arena of what they point at open across the call. Linked at first use.
public final class SystemCall {

    private static final StructLayout STATE = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO = STATE.varHandle(PathElement.groupElement("errno"));
    private static final MethodHandle SYSCALL = Native.libc(
            "syscall",
            FunctionDescriptor.of(
                    JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG),
            Linker.Option.firstVariadicArg(1),
            Linker.Option.captureCallState("errno"));

    private SystemCall() {}

    public static long invoke(Call call) {
        return invoke(call, 0, 0, 0, 0, 0, 0);
    }

    public static long invoke(Call call, long a) {
        return invoke(call, a, 0, 0, 0, 0, 0);
    }

    public static long invoke(Call call, long a, long b) {
        return invoke(call, a, b, 0, 0, 0, 0);
    }

    public static long invoke(Call call, long a, long b, long c) {
        return invoke(call, a, b, c, 0, 0, 0);
    }

    public static long invoke(Call call, long a, long b, long c, long d) {
        return invoke(call, a, b, c, d, 0, 0);
    }

    public static long invoke(Call call, long a, long b, long c, long d, long e) {
        return invoke(call, a, b, c, d, e, 0);
    }

    /// All six arguments of a system call.
    public static long invoke(Call call, long a, long b, long c, long d, long e, long f) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(STATE);
            long result = (long) SYSCALL.invokeExact(state, call.number(), a, b, c, d, e, f);
            return result == -1 ? -(long) (int) ERRNO.get(state, 0L) : result;
        } catch (Error | RuntimeException failure) {
            throw failure;
        } catch (Throwable impossible) {
            throw Native.mismatch("syscall", impossible);
        }
    }
}
