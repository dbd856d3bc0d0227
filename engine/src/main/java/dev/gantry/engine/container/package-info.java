/// Containers: their names and IDs, and the states that they go through.
@NullMarked
package dev.gantry.engine.container;

import org.jspecify.annotations.NullMarked;
