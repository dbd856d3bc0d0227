package dev.gantry.arch.cycle.one;

import dev.gantry.arch.cycle.two.Two;

/// One half of a package cycle.
public record One(Two other) {}
