package dev.gantry.runtime;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/// An executable for x86-64 that makes one system call, in any of the three ways that the processor has, and exits with
/// its error number (0 for none).
///
/// @param number with bit 30 set for x32
/// @param arguments three at most
record RawCall(Way way, int number, List<Integer> arguments) {
    private static final int BASE = 0x0040_0000;
    private static final int HEADERS = 64 + 56;

    /// How the kernel is entered.
    enum Way {
        /// `syscall`: x86-64, and x32 by the number.
        SYSCALL,
        /// `int $0x80`: 32-bit x86, from a 64-bit program.
        INTERRUPT
    }

    byte[] executable() {
        byte[] code = code();
        ByteBuffer file = ByteBuffer.allocate(HEADERS + code.length).order(ByteOrder.LITTLE_ENDIAN);
        file.put(new byte[] {0x7F, 'E', 'L', 'F', 2, 1, 1, 0}).putLong(0);
        file.putShort((short) 2).putShort((short) 62).putInt(1).putLong(BASE + HEADERS);
        file.putLong(64).putLong(0).putInt(0);
        file.putShort((short) 64).putShort((short) 56).putShort((short) 1);
        file.putShort((short) 64).putShort((short) 0).putShort((short) 0);
        file.putInt(1).putInt(5).putLong(0).putLong(BASE).putLong(BASE);
        file.putLong(file.capacity()).putLong(file.capacity()).putLong(0x1000);
        return file.put(code).array();
    }

    private byte[] code() {
        // mov edi/esi/edx or ebx/ecx/edx, immediate
        byte[] registers = way == Way.SYSCALL
                ? new byte[] {(byte) 0xBF, (byte) 0xBE, (byte) 0xBA}
                : new byte[] {(byte) 0xBB, (byte) 0xB9, (byte) 0xBA};
        ByteBuffer code = ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < arguments.size(); i++) {
            code.put(registers[i]).putInt(arguments.get(i));
        }
        code.put((byte) 0xB8).putInt(number); // mov eax, number
        code.put(way == Way.SYSCALL ? new byte[] {0x0F, 0x05} : new byte[] {(byte) 0xCD, (byte) 0x80});
        code.put(new byte[] {(byte) 0x85, (byte) 0xC0, 0x79, 0x04}); // test eax, eax; jns success
        code.put(new byte[] {(byte) 0xF7, (byte) 0xD8, (byte) 0xEB, 0x02}); // neg eax; jmp exit
        code.put(new byte[] {0x31, (byte) 0xC0}); // success: xor eax, eax
        code.put(new byte[] {(byte) 0x89, (byte) 0xC7, (byte) 0xB8}).putInt(60); // exit: mov edi, eax; exit(edi)
        code.put(new byte[] {0x0F, 0x05});
        byte[] result = new byte[code.position()];
        code.flip().get(result);
        return result;
    }
}
