/// What the options of a mount mean.
@NullMarked
package dev.gantry.runtime.mount;

import org.jspecify.annotations.NullMarked;
