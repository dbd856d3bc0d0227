package dev.gantry.kernel;

/// An error number as the kernel returns it.
///
/// @param value the positive number; see errno(3)
public record Errno(int value) {}
