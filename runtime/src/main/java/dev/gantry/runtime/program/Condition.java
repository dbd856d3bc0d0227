package dev.gantry.runtime.program;

/// How [Instruction.JumpIf] compares its two values. Comparisons are signed and of 64 bits.
public enum Condition {
    EQUAL,
    NOT_EQUAL,
    LESS,
    GREATER_OR_EQUAL,
    /// At least one bit of the right value is set in the left one.
    ANY_BIT,
    /// No bit of the right value is set in the left one.
    NO_BIT
}
