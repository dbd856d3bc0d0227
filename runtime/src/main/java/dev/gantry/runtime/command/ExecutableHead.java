package dev.gantry.runtime.command;

import dev.gantry.runtime.program.Architecture;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What the beginning of an executable file asks for, whatever else is in it: nothing here trusts the content.
///
/// @param interpreter the program that the kernel executes in its place, or the dynamic loader; null without one
/// @param machine the ELF number of the processor that it is built for; -1 if it is not an ELF file
record ExecutableHead(@Nullable String interpreter, int machine) {
    private static final int ELF_MAGIC = 0x7F454C46;
    private static final int PT_INTERP = 3;
    /// PATH_MAX
    private static final int LONGEST = 4096;
    /// What the kernel reads of a script, `BINPRM_BUF_SIZE`.
    private static final int SCRIPT_HEAD = 256;

    private static final Map<Integer, String> MACHINES = Map.of(
            3, "386", 21, "ppc64", 22, "s390x", 40, "arm", 62, "amd64", 183, "arm64", 243, "riscv64", 258, "loong64");

    static ExecutableHead of(byte[] head) {
        if (head.length > 2 && head[0] == '#' && head[1] == '!') {
            return new ExecutableHead(script(head), -1);
        }
        ByteBuffer file = ByteBuffer.wrap(head);
        if (head.length < 64 || file.getInt(0) != ELF_MAGIC) {
            return new ExecutableHead(null, -1);
        }
        file.order(head[5] == 2 ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
        return new ExecutableHead(loader(file, head[4] == 2), Short.toUnsignedInt(file.getShort(18)));
    }

    /// The processor that the file is for, if it is not this machine's.
    @Nullable
    String foreignMachine() {
        int own = switch (Architecture.host()) {
            case X86_64 -> 62;
            case AARCH64 -> 183;
        };
        return machine == own || machine == -1 ? null : MACHINES.getOrDefault(machine, "machine " + machine);
    }

    private static @Nullable String script(byte[] head) {
        String text = new String(head, 2, Math.min(head.length, SCRIPT_HEAD) - 2, StandardCharsets.UTF_8);
        String line = text.split("[\n\0]", 2)[0].replaceFirst("^[ \t]+", "");
        String name = line.split("[ \t]", 2)[0];
        return name.isEmpty() ? null : name;
    }

    private static @Nullable String loader(ByteBuffer file, boolean wide) {
        long headers = wide ? file.getLong(32) : Integer.toUnsignedLong(file.getInt(28));
        int size = Short.toUnsignedInt(file.getShort(wide ? 54 : 42));
        int count = Short.toUnsignedInt(file.getShort(wide ? 56 : 44));
        int smallest = wide ? 56 : 32;
        for (int i = 0; i < count && size >= smallest; i++) {
            long at = headers + (long) i * size;
            if (at < 0 || at + smallest > file.limit()) {
                return null;
            }
            if (file.getInt((int) at) == PT_INTERP) {
                long offset = wide ? file.getLong((int) at + 8) : Integer.toUnsignedLong(file.getInt((int) at + 4));
                long length = wide ? file.getLong((int) at + 32) : Integer.toUnsignedLong(file.getInt((int) at + 16));
                return text(file, offset, length);
            }
        }
        return null;
    }

    private static @Nullable String text(ByteBuffer file, long offset, long length) {
        if (length < 2 || length > LONGEST || offset < 0 || offset > file.limit() - length) {
            return null;
        }
        byte[] name = new byte[(int) length - 1];
        file.get((int) offset, name);
        return new String(name, StandardCharsets.UTF_8);
    }
}
