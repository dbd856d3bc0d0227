/// What containers use of the host, and what they wait for.
@NullMarked
package dev.gantry.runtime.usage;

import org.jspecify.annotations.NullMarked;
