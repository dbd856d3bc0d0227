package dev.gantry.kernel.signal;

import dev.gantry.kernel.ffi.Machine;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/// The machine code of a signal handler that writes the signal's number, an `int`, to a descriptor.
final class HandlerCode {
    private static final int LONGEST = 64;

    private final byte[] bytes;
    private final Optional<Long> restorer;

    private HandlerCode(byte[] bytes, Optional<Long> restorer) {
        this.bytes = bytes;
        this.restorer = restorer;
    }

    byte[] bytes() {
        return bytes.clone();
    }

    /// Where the code begins to which the handler returns, in bytes; empty where the kernel has its own.
    Optional<Long> restorer() {
        return restorer;
    }

    static HandlerCode writingTo(int descriptor, Machine machine) {
        ByteBuffer code = ByteBuffer.allocate(LONGEST).order(ByteOrder.LITTLE_ENDIAN);
        return switch (machine) {
            case X86_64 -> {
                put(code, 0x48, 0x83, 0xEC, 0x08); // sub rsp, 8
                put(code, 0x89, 0x3C, 0x24); // mov [rsp], edi
                put(code, 0xBF).putInt(descriptor); // mov edi, descriptor
                put(code, 0x48, 0x89, 0xE6); // mov rsi, rsp
                put(code, 0xBA).putInt(Integer.BYTES); // mov edx, 4
                put(code, 0xB8).putInt(1); // mov eax, write
                put(code, 0x0F, 0x05); // syscall
                put(code, 0x48, 0x83, 0xC4, 0x08); // add rsp, 8
                put(code, 0xC3); // ret
                long restorer = code.position();
                put(code, 0xB8).putInt(15); // mov eax, rt_sigreturn
                put(code, 0x0F, 0x05); // syscall
                yield of(code, Optional.of(restorer));
            }
            case AARCH64 -> {
                code.putInt(0xD10043FF); // sub sp, sp, 16
                code.putInt(0xB90003E0); // str w0, [sp]
                code.putInt(0x52800000 | (descriptor << 5)); // movz w0, descriptor
                code.putInt(0x910003E1); // mov x1, sp
                code.putInt(0xD2800000 | (Integer.BYTES << 5) | 2); // movz x2, 4
                code.putInt(0xD2800000 | (64 << 5) | 8); // movz x8, write
                code.putInt(0xD4000001); // svc 0
                code.putInt(0x910043FF); // add sp, sp, 16
                code.putInt(0xD65F03C0); // ret
                yield of(code, Optional.empty());
            }
        };
    }

    private static ByteBuffer put(ByteBuffer code, int... bytes) {
        for (int each : bytes) {
            code.put((byte) each);
        }
        return code;
    }

    private static HandlerCode of(ByteBuffer code, Optional<Long> restorer) {
        byte[] bytes = new byte[code.position()];
        code.get(0, bytes);
        return new HandlerCode(bytes, restorer);
    }
}
