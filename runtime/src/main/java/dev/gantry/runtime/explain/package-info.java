/// A container's start, told before it happens: the program's calls and, before them, the daemon's own.
///
/// What is told comes from the values that a start works with: the compiled program, and the directories, limits and
/// options that the daemon takes too.
@NullMarked
package dev.gantry.runtime.explain;

import org.jspecify.annotations.NullMarked;
