/// Anonymous volumes: directories of a container's own, filled from its image.
@NullMarked
package dev.gantry.engine.volume;

import org.jspecify.annotations.NullMarked;
