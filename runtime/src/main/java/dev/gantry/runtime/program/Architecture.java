package dev.gantry.runtime.program;

/// A processor architecture that programs are encoded for.
public enum Architecture {
    X86_64,
    AARCH64
}
