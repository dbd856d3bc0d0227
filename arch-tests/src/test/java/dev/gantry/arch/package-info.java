/// The rules of the architecture, each with a proof that it can fail.
@NullMarked
package dev.gantry.arch;

import org.jspecify.annotations.NullMarked;
