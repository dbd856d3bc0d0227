package dev.gantry.runtime.seccomp;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// Runs a filter as the kernel does, on one system call: the part of classic BPF that seccomp allows and filters use.
final class BpfMachine {
    static final int X86_64 = 0xC000_003E;
    static final int I386 = 0x4000_0003;
    static final int AARCH64 = 0xC000_00B7;
    static final int ARM = 0x4000_0028;
    static final int X32_BIT = 0x4000_0000;

    private static final int INSTRUCTION = 8;

    private final ByteBuffer program;

    BpfMachine(byte[] program) {
        this.program = ByteBuffer.wrap(program).order(ByteOrder.LITTLE_ENDIAN);
    }

    /// What the filter returns: an action and its data.
    int answer(int architecture, int number, long... arguments) {
        ByteBuffer call = ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN);
        call.putInt(0, number).putInt(4, architecture);
        for (int i = 0; i < arguments.length; i++) {
            call.putLong(16 + 8 * i, arguments[i]);
        }
        int accumulator = 0;
        int at = 0;
        while (true) {
            int code = program.getShort(at * INSTRUCTION) & 0xFFFF;
            int operand = program.getInt(at * INSTRUCTION + 4);
            at++;
            switch (code) {
                case 0x20 -> accumulator = call.getInt(operand); // ld [k]
                case 0x54 -> accumulator &= operand; // and #k
                case 0x05 -> at += operand; // ja
                case 0x15, 0x25, 0x35, 0x45 -> {
                    boolean holds = compare(code, accumulator, operand);
                    at += program.get((at - 1) * INSTRUCTION + (holds ? 2 : 3)) & 0xFF;
                }
                case 0x06 -> {
                    return operand; // ret #k
                }
                default -> throw new AssertionError("BPF instruction " + Integer.toHexString(code) + " at " + (at - 1));
            }
        }
    }

    private static boolean compare(int code, int accumulator, int operand) {
        return switch (code) {
            case 0x15 -> accumulator == operand;
            case 0x25 -> Integer.compareUnsigned(accumulator, operand) > 0;
            case 0x35 -> Integer.compareUnsigned(accumulator, operand) >= 0;
            default -> (accumulator & operand) != 0;
        };
    }
}
