/// Random inputs for parsers, within a bounded time, from seeds that repeat them.
@NullMarked
package dev.gantry.fuzz;

import org.jspecify.annotations.NullMarked;
