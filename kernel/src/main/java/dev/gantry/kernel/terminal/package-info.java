/// The terminal that this process has been started in.
@NullMarked
package dev.gantry.kernel.terminal;

import org.jspecify.annotations.NullMarked;
