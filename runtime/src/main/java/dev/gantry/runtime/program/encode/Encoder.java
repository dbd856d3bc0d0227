package dev.gantry.runtime.program.encode;

import dev.gantry.runtime.program.Architecture;
import dev.gantry.runtime.program.Condition;
import dev.gantry.runtime.program.Operand;
import dev.gantry.runtime.program.Operation;
import dev.gantry.runtime.program.Slot;

/// What an architecture has to know: how single operations look as machine code. [Translation] composes them.
///
/// Between the call and the handling of its error, the error lies in the result register, which nothing but
/// the next call changes.
sealed interface Encoder permits X86Encoder, Aarch64Encoder {
    /// Which architecture this is.
    Architecture architecture();

    /// What the program's first instruction needs.
    void prologue();

    /// Loads the argument with this index for the next system call.
    void argument(int index, Operand value);

    /// Makes the system call.
    void systemCall(int number);

    /// Instead of a system call: its result is this error.
    void injectError(int errno);

    /// Stores the result register.
    void storeResult(Slot target);

    /// Skips what follows, up to [#bind], unless the result is an error.
    ///
    /// @param far whether more than a hundred bytes may be skipped
    /// @return the branch, to be given to `bind`
    int skipUnlessError(boolean far);

    /// Skips what follows, up to [#bind], unless the result is this error.
    int skipUnlessErrno(int errno);

    /// The end of what a branch skips.
    void bind(int branch);

    /// Ends the process after a call that should have: a seccomp filter denies any call, but no undefined instruction.
    void undefined();

    /// Loads the step for the failure exit.
    void loadStep(int step);

    /// Goes to a label.
    void jump(int label);

    /// Goes to a label if the condition holds. Keeps the result register.
    void jumpIf(Slot left, Condition condition, Operand right, int label);

    /// Changes a slot. Keeps the result register.
    void compute(Slot target, Operation operation, Operand operand);

    /// The failure exit: makes a record of the loaded step and the error in the result register, writes it and exits.
    ///
    /// @param record the record's address
    /// @param descriptor where it is written to, or [dev.gantry.runtime.program.Program#NO_REPORT]
    void failureExit(int record, int descriptor);

    /// Sets the distance of a branch from its own first byte.
    void setDistance(Code code, int at, int distance);
}
