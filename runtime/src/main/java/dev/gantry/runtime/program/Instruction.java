package dev.gantry.runtime.program;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// One instruction of a program.
public sealed interface Instruction {

    /// A system call. Its result, also a negative errno, goes to the result slot before errors are looked at.
    ///
    /// @param index the position among the program's calls; what a failure record names
    /// @param arguments at most six
    /// @param counter counts repetitions, present if the policy has any
    /// @param injected an errno with which the call is made to fail without being executed, or 0
    record Call(
            int index,
            Syscall syscall,
            List<Operand> arguments,
            @Nullable Slot result,
            OnError onError,
            Step step,
            @Nullable Slot counter,
            int injected)
            implements Instruction {
        public Call {
            arguments = List.copyOf(arguments);
            if (arguments.size() != syscall.parameters()) {
                throw new IllegalArgumentException(
                        syscall + " arguments: got " + arguments.size() + ", want " + syscall.parameters());
            }
        }

        Call failingWith(int errno) {
            return new Call(index, syscall, arguments, result, onError, step, counter, errno);
        }
    }

    /// The place of a label.
    record Place(Label label) implements Instruction {}

    /// Goes on at a label.
    record Jump(Label target) implements Instruction {}

    /// Goes on at a label if the condition holds.
    record JumpIf(Slot left, Condition condition, Operand right, Label target) implements Instruction {}

    /// Changes a slot.
    record Compute(Slot target, Operation operation, Operand operand) implements Instruction {}

    /// The following instructions belong to a section. Never reached by falling through.
    record Enter(Section section) implements Instruction {}
}
