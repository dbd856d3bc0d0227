package dev.gantry.runtime.seccomp;

import java.util.ArrayList;
import java.util.List;

/// A piece of a BPF program: loads, comparisons that skip instructions, and returns; falls through at its end.
final class BpfProgram {
    private final List<Instruction> code = new ArrayList<>();

    /// Loads a word of `struct seccomp_data`.
    BpfProgram load(int offset) {
        return add(Instruction.load(offset));
    }

    /// Ends with an action.
    BpfProgram give(int action) {
        return add(Instruction.give(action));
    }

    BpfProgram unlessEqualSkip(int value, int count) {
        return add(new Instruction(Instruction.IF_EQUAL, 0, count, value));
    }

    /// Unsigned.
    BpfProgram unlessGreaterSkip(int value, int count) {
        return add(new Instruction(Instruction.IF_GREATER, 0, count, value));
    }

    /// Unsigned.
    BpfProgram unlessLessSkip(int value, int count) {
        return add(new Instruction(Instruction.IF_GREATER_OR_EQUAL, count, 0, value));
    }

    BpfProgram ifBitsSkip(int bits, int count) {
        return add(new Instruction(Instruction.IF_BITS, count, 0, bits));
    }

    BpfProgram unlessBitsSkip(int bits, int count) {
        return add(new Instruction(Instruction.IF_BITS, 0, count, bits));
    }

    BpfProgram append(BpfProgram other) {
        code.addAll(other.code);
        return this;
    }

    /// In instructions.
    int size() {
        return code.size();
    }

    boolean isEmpty() {
        return code.isEmpty();
    }

    List<Instruction> instructions() {
        return List.copyOf(code);
    }

    private BpfProgram add(Instruction instruction) {
        code.add(instruction);
        return this;
    }
}
