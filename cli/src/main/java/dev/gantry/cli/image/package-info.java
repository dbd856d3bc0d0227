/// The commands about images.
@NullMarked
package dev.gantry.cli.image;

import org.jspecify.annotations.NullMarked;
