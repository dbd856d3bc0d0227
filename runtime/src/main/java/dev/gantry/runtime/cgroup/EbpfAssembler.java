package dev.gantry.runtime.cgroup;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Writes eBPF instructions, with jumps to labels further on.
///
/// @see <a href="https://docs.kernel.org/bpf/standardization/instruction-set.html">the instruction set</a>
final class EbpfAssembler {
    static final int INSTRUCTION_SIZE = 8;

    // linux/bpf.h and linux/bpf_common.h
    private static final int LDX_MEM_W = 0x61;
    private static final int MOV64_X = 0xBF;
    private static final int MOV64_K = 0xB7;
    private static final int AND32_K = 0x54;
    private static final int RSH32_K = 0x74;
    private static final int JA = 0x05;
    private static final int JSET_K = 0x45;
    private static final int JNE_K = 0x55;
    private static final int EXIT = 0x95;

    private final List<Instruction> instructions = new ArrayList<>();

    private record Instruction(
            int code,
            int target,
            int source,
            int offset,
            int operand,
            @Nullable Label label) {}

    /// A place that jumps go to; placed once, behind all of them: the kernel allows no loop here.
    static final class Label {
        private int place = -1;

        private Label() {}
    }

    Label label() {
        return new Label();
    }

    /// Labels the next instruction.
    EbpfAssembler place(Label label) {
        label.place = instructions.size();
        return this;
    }

    /// `target = *(u32 *)(source + offset)`
    EbpfAssembler loadWord(int target, int source, int offset) {
        return add(LDX_MEM_W, target, source, offset, 0);
    }

    EbpfAssembler move(int target, int source) {
        return add(MOV64_X, target, source, 0, 0);
    }

    EbpfAssembler set(int target, int value) {
        return add(MOV64_K, target, 0, 0, value);
    }

    /// In 32 bits; clears the upper half.
    EbpfAssembler and(int target, int value) {
        return add(AND32_K, target, 0, 0, value);
    }

    /// In 32 bits; clears the upper half.
    EbpfAssembler shiftRight(int target, int bits) {
        return add(RSH32_K, target, 0, 0, bits);
    }

    EbpfAssembler unlessEqualGo(int register, int value, Label label) {
        return jump(JNE_K, register, value, label);
    }

    EbpfAssembler ifBitsGo(int register, int bits, Label label) {
        return jump(JSET_K, register, bits, label);
    }

    EbpfAssembler go(Label label) {
        return jump(JA, 0, 0, label);
    }

    /// Ends with what is in register 0.
    EbpfAssembler exit() {
        return add(EXIT, 0, 0, 0, 0);
    }

    private EbpfAssembler add(int code, int target, int source, int offset, int operand) {
        instructions.add(new Instruction(code, target, source, offset, operand, null));
        return this;
    }

    private EbpfAssembler jump(int code, int register, int operand, Label label) {
        instructions.add(new Instruction(code, register, 0, 0, operand, label));
        return this;
    }

    byte[] bytes() {
        // both architectures are little-endian
        ByteBuffer result =
                ByteBuffer.allocate(instructions.size() * INSTRUCTION_SIZE).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < instructions.size(); i++) {
            Instruction each = instructions.get(i);
            int offset = each.label() == null ? each.offset() : skipped(i, each.label());
            result.put((byte) each.code())
                    .put((byte) (each.source() << 4 | each.target()))
                    .putShort((short) offset)
                    .putInt(each.operand());
        }
        return result.array();
    }

    private static int skipped(int from, Label label) {
        int count = label.place - (from + 1);
        if (count < 0 || count > Short.MAX_VALUE) {
            throw new IllegalStateException("got a jump over " + count + " instructions, want 0 to 32767");
        }
        return count;
    }
}
