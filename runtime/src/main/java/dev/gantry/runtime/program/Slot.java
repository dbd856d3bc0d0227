package dev.gantry.runtime.program;

/// A variable of 1, 2, 4 or 8 bytes in the program's data: the result of a call, or a field of a struct.
///
/// As an operand it stands for its value: 4 bytes are sign-extended (descriptors, process IDs), 1 and 2 bytes
/// zero-extended. Renderings show it as `$name`.
///
/// @param name what renderings call it
/// @param address the absolute address
/// @param width bytes
public record Slot(String name, int address, int width) implements Operand {
    public Slot {
        if (width != 1 && width != 2 && width != 4 && width != 8) {
            throw new IllegalArgumentException("width of " + name + ": got " + width + ", want 1, 2, 4 or 8");
        }
    }
}
