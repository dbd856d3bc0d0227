/// The only module that speaks to the Linux kernel.
@NullMarked
package dev.gantry.kernel;

import org.jspecify.annotations.NullMarked;
