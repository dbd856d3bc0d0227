/// Commands about volumes.
@NullMarked
package dev.gantry.cli.volume;

import org.jspecify.annotations.NullMarked;
