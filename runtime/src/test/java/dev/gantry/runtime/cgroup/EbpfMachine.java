package dev.gantry.runtime.cgroup;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// Runs a device program as the kernel does: the part of eBPF that it uses.
final class EbpfMachine {
    private static final int BLOCK = 1;
    private static final int CHARACTER = 2;

    private final ByteBuffer program;

    EbpfMachine(byte[] program) {
        this.program = ByteBuffer.wrap(program).order(ByteOrder.LITTLE_ENDIAN);
    }

    /// Whether the device may be used.
    ///
    /// @param device such as `c 1:3 rw`
    boolean allows(String device) {
        String[] words = device.split("[ :]", -1);
        int access =
                (words[3].contains("m") ? 1 : 0) | (words[3].contains("r") ? 2 : 0) | (words[3].contains("w") ? 4 : 0);
        ByteBuffer context = ByteBuffer.allocate(12)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(access << 16 | (words[0].equals("b") ? BLOCK : CHARACTER))
                .putInt(Integer.parseInt(words[1]))
                .putInt(Integer.parseInt(words[2]));
        return run(context) == 1;
    }

    private long run(ByteBuffer context) {
        long[] registers = new long[10];
        int at = 0;
        while (true) {
            int code = program.get(8 * at) & 0xFF;
            int target = program.get(8 * at + 1) & 0xF;
            int source = program.get(8 * at + 1) >> 4 & 0xF;
            int offset = program.getShort(8 * at + 2);
            int operand = program.getInt(8 * at + 4);
            at++;
            switch (code) {
                case 0x61 -> registers[target] = context.getInt(offset) & 0xFFFF_FFFFL;
                case 0xBF -> registers[target] = registers[source];
                case 0xB7 -> registers[target] = operand;
                case 0x54 -> registers[target] = (int) registers[target] & operand & 0xFFFF_FFFFL;
                case 0x74 -> registers[target] = (registers[target] & 0xFFFF_FFFFL) >>> operand;
                case 0x05 -> at += offset;
                case 0x45 -> at += (registers[target] & operand) != 0 ? offset : 0;
                case 0x55 -> at += registers[target] != operand ? offset : 0;
                case 0x95 -> {
                    return registers[0];
                }
                default ->
                    throw new AssertionError("eBPF instruction " + Integer.toHexString(code) + " at " + (at - 1));
            }
        }
    }
}
