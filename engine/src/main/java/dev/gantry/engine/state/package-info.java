/// What a container is doing, and how that is kept: the same after a power cut.
@NullMarked
package dev.gantry.engine.state;

import org.jspecify.annotations.NullMarked;
