package dev.gantry.runtime.program.encode;

import dev.gantry.runtime.program.Architecture;
import dev.gantry.runtime.program.Program;

/// Turns a program into an executable file.
public final class Assembler {
    private Assembler() {}

    /// The bytes of a static ELF executable for the architecture. Equal programs give equal bytes.
    public static byte[] assemble(Program program, Architecture architecture) {
        var assembly = new Assembly(program.labelCount());
        Encoder encoder = switch (architecture) {
            case X86_64 -> new X86Encoder(assembly);
            case AARCH64 -> new Aarch64Encoder(assembly);
        };
        new Translation(program, assembly, encoder).run();
        return new ElfFile(program, architecture, assembly, encoder).bytes();
    }
}
