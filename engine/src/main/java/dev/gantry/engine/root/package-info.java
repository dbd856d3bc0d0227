/// A container's root file system, as far as others than its own processes use it.
@NullMarked
package dev.gantry.engine.root;

import org.jspecify.annotations.NullMarked;
