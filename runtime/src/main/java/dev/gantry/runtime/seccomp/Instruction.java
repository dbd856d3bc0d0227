package dev.gantry.runtime.seccomp;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntUnaryOperator;

/// `struct sock_filter`, `linux/filter.h`: an instruction of classic BPF.
///
/// @param ifTrue how many instructions a comparison that holds skips, 0 to 255
/// @param ifFalse the same for one that does not
/// @param operand the offset of a load, what a comparison compares with, the value that is returned, or how many
/// instructions [#JUMP] skips
/// @see <a href="https://www.kernel.org/doc/html/latest/networking/filter.html">the instruction set</a>
record Instruction(int operation, int ifTrue, int ifFalse, int operand) {
    /// In bytes.
    static final int SIZE = 8;
    static final int LONGEST_SKIP = 255;

    // linux/bpf_common.h
    static final int LOAD = 0x20;
    static final int JUMP = 0x05;
    static final int IF_EQUAL = 0x15;
    static final int IF_GREATER = 0x25;
    static final int IF_GREATER_OR_EQUAL = 0x35;
    static final int IF_BITS = 0x45;
    static final int RETURN = 0x06;

    private static final int BYTE = 0xFF;
    private static final int SHORT = 0xFFFF;

    Instruction {
        if (Math.max(ifTrue, ifFalse) > LONGEST_SKIP) {
            throw new IllegalArgumentException("skip of " + Math.max(ifTrue, ifFalse) + " instructions: got over 255");
        }
    }

    /// Loads a word of `struct seccomp_data`.
    static Instruction load(int offset) {
        return new Instruction(LOAD, 0, 0, offset);
    }

    /// Ends with an action.
    static Instruction give(int action) {
        return new Instruction(RETURN, 0, 0, action);
    }

    static Instruction jump(int count) {
        return new Instruction(JUMP, 0, 0, count);
    }

    /// Whether what follows depends on a comparison.
    boolean compares() {
        return switch (operation) {
            case IF_EQUAL, IF_GREATER, IF_GREATER_OR_EQUAL, IF_BITS -> true;
            default -> false;
        };
    }

    /// How many instructions a comparison of `value` skips.
    int skipFor(int value) {
        boolean holds = switch (operation) {
            case IF_EQUAL -> value == operand;
            case IF_GREATER -> Integer.compareUnsigned(value, operand) > 0;
            case IF_GREATER_OR_EQUAL -> Integer.compareUnsigned(value, operand) >= 0;
            case IF_BITS -> (value & operand) != 0;
            default -> throw new IllegalStateException("operation " + operation + " compares nothing");
        };
        return holds ? ifTrue : ifFalse;
    }

    /// The instructions that may come after this one, if this one is at `at`.
    List<Integer> targets(int at) {
        int next = at + 1;
        return switch (operation) {
            case RETURN -> List.of();
            case JUMP -> List.of(next + operand);
            case IF_EQUAL, IF_GREATER, IF_GREATER_OR_EQUAL, IF_BITS -> List.of(next + ifTrue, next + ifFalse);
            default -> List.of(next);
        };
    }

    /// This instruction, at `at`, elsewhere.
    ///
    /// @param skips how many instructions it skips there to reach a target of now
    Instruction moved(int at, IntUnaryOperator skips) {
        int next = at + 1;
        if (operation == JUMP) {
            return jump(skips.applyAsInt(next + operand));
        }
        return compares()
                ? new Instruction(operation, skips.applyAsInt(next + ifTrue), skips.applyAsInt(next + ifFalse), operand)
                : this;
    }

    static List<Instruction> parse(byte[] program) {
        // both architectures are little-endian
        ByteBuffer buffer = ByteBuffer.wrap(program).order(ByteOrder.LITTLE_ENDIAN);
        List<Instruction> instructions = new ArrayList<>();
        while (buffer.hasRemaining()) {
            instructions.add(new Instruction(
                    buffer.getShort() & SHORT, buffer.get() & BYTE, buffer.get() & BYTE, buffer.getInt()));
        }
        return instructions;
    }

    static byte[] bytes(List<Instruction> program) {
        ByteBuffer buffer = ByteBuffer.allocate(program.size() * SIZE).order(ByteOrder.LITTLE_ENDIAN);
        for (Instruction each : program) {
            buffer.putShort((short) each.operation)
                    .put((byte) each.ifTrue)
                    .put((byte) each.ifFalse)
                    .putInt(each.operand);
        }
        return buffer.array();
    }
}
