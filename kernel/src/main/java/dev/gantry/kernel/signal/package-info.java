/// Signals that this process gets.
@NullMarked
package dev.gantry.kernel.signal;

import org.jspecify.annotations.NullMarked;
