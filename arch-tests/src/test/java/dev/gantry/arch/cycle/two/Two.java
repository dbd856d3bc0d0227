package dev.gantry.arch.cycle.two;

import dev.gantry.arch.cycle.one.One;

/// The other half of a package cycle.
public record Two(One other) {}
