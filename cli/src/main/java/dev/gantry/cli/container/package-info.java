/// The commands about containers.
@NullMarked
package dev.gantry.cli.container;

import org.jspecify.annotations.NullMarked;
