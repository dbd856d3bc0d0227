package dev.gantry.runtime.program.part;

import dev.gantry.runtime.program.Operand;
import dev.gantry.runtime.program.ProgramBuilder;
import dev.gantry.runtime.program.StructType;
import dev.gantry.runtime.program.Syscall;

/// Sets the signal mask of the running process; rt_sigprocmask(2).
public final class SignalMask {
    private SignalMask() {}

    /// Blocks every signal that can be blocked.
    public static void blockAll(ProgramBuilder b) {
        set(b, Flags.ALL_SIGNALS);
    }

    /// Blocks none.
    public static void unblockAll(ProgramBuilder b) {
        set(b, 0);
    }

    private static void set(ProgramBuilder b, long mask) {
        b.call(
                Syscall.RT_SIGPROCMASK,
                Operand.of(Flags.SIG_SETMASK),
                b.struct(StructType.SIGSET, Operand.of(mask)),
                Operand.of(0),
                Operand.of(Flags.SIGSET_SIZE));
    }
}
