package dev.gantry.runtime.program.part;

import dev.gantry.runtime.program.OnError;
import dev.gantry.runtime.program.Operand;
import dev.gantry.runtime.program.ProgramBuilder;
import dev.gantry.runtime.program.Syscall;
import java.util.Collection;
import java.util.TreeSet;

/// Closes descriptors by range; close_range(2), kernel 5.9.
public final class Descriptors {
    private static final long LAST = 0xFFFF_FFFFL;

    private Descriptors() {}

    /// Appends a call.
    interface Calls {
        void call(OnError onError, Syscall syscall, Operand... arguments);
    }

    /// Closes every descriptor from `first` on but the kept ones, with one call for each gap between them. The highest
    /// go first: the report pipe, which is the lowest, is open for as long as anything can fail.
    public static void closeFrom(ProgramBuilder b, int first, Collection<Integer> kept) {
        closeFrom(b::call, first, kept);
    }

    static void closeFrom(Calls calls, int first, Collection<Integer> kept) {
        long last = LAST;
        for (int each : new TreeSet<>(kept).descendingSet()) {
            if (each < last && each >= first) {
                close(calls, each + 1L, last);
            }
            last = Math.min(last, each - 1L);
        }
        if (last >= first) {
            close(calls, first, last);
        }
    }

    private static void close(Calls calls, long first, long last) {
        calls.call(OnError.FAIL, Syscall.CLOSE_RANGE, Operand.of(first), Operand.of(last), Operand.of(0));
    }
}
