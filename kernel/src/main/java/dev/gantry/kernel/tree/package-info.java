/// Whole directory trees, by descriptors alone.
@NullMarked
package dev.gantry.kernel.tree;

import org.jspecify.annotations.NullMarked;
