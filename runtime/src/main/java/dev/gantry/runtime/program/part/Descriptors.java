package dev.gantry.runtime.program.part;

import dev.gantry.runtime.program.Operand;
import dev.gantry.runtime.program.ProgramBuilder;
import dev.gantry.runtime.program.Syscall;
import java.util.Collection;
import java.util.TreeSet;

/// Closes descriptors by range; close_range(2), kernel 5.9.
public final class Descriptors {
    private static final long LAST = 0xFFFF_FFFFL;

    private Descriptors() {}

    /// Closes every descriptor from `first` on but the kept ones, with one call for each gap between them.
    public static void closeFrom(ProgramBuilder b, int first, Collection<Integer> kept) {
        int next = first;
        for (int each : new TreeSet<>(kept)) {
            if (each > next) {
                close(b, next, each - 1L);
            }
            next = Math.max(next, each + 1);
        }
        close(b, next, LAST);
    }

    private static void close(ProgramBuilder b, long first, long last) {
        b.call(Syscall.CLOSE_RANGE, Operand.of(first), Operand.of(last), Operand.of(0));
    }
}
