package dev.gantry.runtime.seccomp;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// A piece of a BPF program: loads, comparisons that skip instructions, and returns; falls through at its end.
///
/// @see <a href="https://www.kernel.org/doc/html/latest/networking/filter.html">the instruction set</a>
final class BpfProgram {
    static final int INSTRUCTION_SIZE = 8;

    // linux/bpf_common.h
    private static final int LD_W_ABS = 0x20;
    private static final int JMP_JEQ_K = 0x15;
    private static final int JMP_JGT_K = 0x25;
    private static final int JMP_JGE_K = 0x35;
    private static final int JMP_JSET_K = 0x45;
    private static final int RET_K = 0x06;
    private static final int LONGEST_SKIP = 255;

    private final ByteArrayOutputStream code = new ByteArrayOutputStream();

    /// Loads a word of `struct seccomp_data`.
    BpfProgram load(int offset) {
        return add(LD_W_ABS, 0, 0, offset);
    }

    /// Ends with an action.
    BpfProgram give(int action) {
        return add(RET_K, 0, 0, action);
    }

    BpfProgram unlessEqualSkip(int value, int count) {
        return add(JMP_JEQ_K, 0, count, value);
    }

    /// Unsigned.
    BpfProgram unlessGreaterSkip(int value, int count) {
        return add(JMP_JGT_K, 0, count, value);
    }

    /// Unsigned.
    BpfProgram unlessLessSkip(int value, int count) {
        return add(JMP_JGE_K, count, 0, value);
    }

    BpfProgram ifBitsSkip(int bits, int count) {
        return add(JMP_JSET_K, count, 0, bits);
    }

    BpfProgram unlessBitsSkip(int bits, int count) {
        return add(JMP_JSET_K, 0, count, bits);
    }

    BpfProgram append(BpfProgram other) {
        code.writeBytes(other.bytes());
        return this;
    }

    /// In instructions.
    int size() {
        return code.size() / INSTRUCTION_SIZE;
    }

    boolean isEmpty() {
        return code.size() == 0;
    }

    byte[] bytes() {
        return code.toByteArray();
    }

    private BpfProgram add(int operation, int ifTrue, int ifFalse, int operand) {
        if (Math.max(ifTrue, ifFalse) > LONGEST_SKIP) {
            throw new IllegalArgumentException("skip of " + Math.max(ifTrue, ifFalse) + " instructions: got over 255");
        }
        // both architectures are little-endian
        code.writeBytes(ByteBuffer.allocate(INSTRUCTION_SIZE)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putShort((short) operation)
                .put((byte) ifTrue)
                .put((byte) ifFalse)
                .putInt(operand)
                .array());
        return this;
    }
}
