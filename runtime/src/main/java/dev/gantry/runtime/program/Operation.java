package dev.gantry.runtime.program;

/// What [Instruction.Compute] does with its target and its operand, in 64 bits.
public enum Operation {
    /// target = operand
    MOVE,
    ADD,
    SUBTRACT,
    AND,
    OR,
    /// Shift counts are taken modulo 64.
    SHIFT_LEFT,
    /// Fills with zeros.
    SHIFT_RIGHT
}
