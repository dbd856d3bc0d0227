/// Starting a daemon when none runs.
@NullMarked
package dev.gantry.cli.start;

import org.jspecify.annotations.NullMarked;
