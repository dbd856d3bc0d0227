/// What all of it takes on the disk, and what a prune would free.
@NullMarked
package dev.gantry.engine.usage;

import org.jspecify.annotations.NullMarked;
