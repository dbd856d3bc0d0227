package dev.gantry.runtime.program.encode;

import dev.gantry.runtime.program.Architecture;
import dev.gantry.runtime.program.Memory;
import dev.gantry.runtime.program.Program;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// Lays out the executable; elf(5).
///
/// ```text
///  file    headers, constants │ launch code │ resident code │ (padding) │ variables
///  memory  read only            executable    executable                  read/write, zeroes beyond the file
/// ```
///
/// Each segment's address is congruent to its place in the file modulo the page size, so only the variables, whose
/// address is fixed, need padding, and only if any has an initial value. Resident code is moved to the next page if
/// it would otherwise touch two. A fourth header makes the stack non-executable.
final class ElfFile {
    private static final int ELF_HEADER = 64;
    private static final int PROGRAM_HEADER = 56;
    private static final int ALIGNMENT = 16;

    private static final short EXECUTABLE = 2;
    private static final short EM_X86_64 = 62;
    private static final short EM_AARCH64 = 183;
    private static final int PT_LOAD = 1;
    private static final int PT_GNU_STACK = 0x6474_e551;
    private static final int X = 1;
    private static final int W = 2;
    private static final int R = 4;

    private final Assembly assembly;
    private final Encoder encoder;
    private final byte[] constants;
    private final byte[] variables;
    private final int variableSize;
    private final short machine;
    private final int page;

    ElfFile(Program program, Architecture architecture, Assembly assembly, Encoder encoder) {
        this.assembly = assembly;
        this.encoder = encoder;
        this.constants = program.constants();
        this.variables = program.variables();
        this.variableSize = program.variableSize();
        this.machine = switch (architecture) {
            case X86_64 -> EM_X86_64;
            case AARCH64 -> EM_AARCH64;
        };
        this.page = switch (architecture) {
            case X86_64 -> 0x1000;
            case AARCH64 -> 0x1_0000; // the largest page size that kernels are built with
        };
    }

    byte[] bytes() {
        Code launch = assembly.launch();
        Code resident = assembly.resident();
        int launchAt = align(Memory.HEADER_SIZE + constants.length, ALIGNMENT);
        int residentAt = align(launchAt + launch.size(), ALIGNMENT);
        if (residentAt % 0x1000 + resident.size() > 0x1000) {
            residentAt = align(residentAt, 0x1000);
        }
        int end = residentAt + resident.size();
        int variablesAt = variables.length == 0 ? 0 : align(end, page);
        int launchAddress = Memory.LAUNCH + launchAt % page;
        int residentAddress = Memory.RESIDENT + residentAt % page;
        assembly.resolve(encoder, launchAddress, residentAddress);

        ByteBuffer file = ByteBuffer.allocate(Math.max(end, variablesAt + variables.length))
                .order(ByteOrder.LITTLE_ENDIAN);
        boolean hasResident = resident.size() > 0;
        elfHeader(file, launchAddress, hasResident ? 5 : 4);
        int constantsEnd = Memory.HEADER_SIZE + constants.length;
        load(file, R, new Range(0, Memory.CONSTANTS, constantsEnd, constantsEnd));
        load(file, R | X, new Range(launchAt, launchAddress, launch.size(), launch.size()));
        if (hasResident) {
            load(file, R | X, new Range(residentAt, residentAddress, resident.size(), resident.size()));
        }
        load(file, R | W, new Range(variablesAt, Memory.VARIABLES, variables.length, variableSize));
        programHeader(file, PT_GNU_STACK, R | W, new Range(0, 0, 0, 0), ALIGNMENT);
        file.put(Memory.HEADER_SIZE, constants);
        launch.copyTo(file.array(), launchAt);
        resident.copyTo(file.array(), residentAt);
        file.put(variablesAt, variables);
        return file.array();
    }

    private void elfHeader(ByteBuffer file, int entry, int headers) {
        file.putInt(0x464C_457F).put((byte) 2).put((byte) 1).put((byte) 1); // magic, 64 bits, little-endian, version
        file.position(16);
        file.putShort(EXECUTABLE).putShort(machine).putInt(1);
        file.putLong(entry).putLong(ELF_HEADER).putLong(0).putInt(0);
        file.putShort((short) ELF_HEADER).putShort((short) PROGRAM_HEADER).putShort((short) headers);
        file.putShort((short) 64).putShort((short) 0).putShort((short) 0);
    }

    /// Where a segment lies in the file and in memory.
    private record Range(long offset, long address, long fileSize, long memorySize) {}

    private void load(ByteBuffer file, int flags, Range range) {
        programHeader(file, PT_LOAD, flags, range, page);
    }

    private static void programHeader(ByteBuffer file, int type, int flags, Range range, long align) {
        file.putInt(type)
                .putInt(flags)
                .putLong(range.offset)
                .putLong(range.address)
                .putLong(range.address);
        file.putLong(range.fileSize).putLong(range.memorySize).putLong(align);
    }

    private static int align(int at, int to) {
        return (at + to - 1) & -to;
    }
}
