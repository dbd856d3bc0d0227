/// Whether a container does what it is there for, as its own command judges.
@NullMarked
package dev.gantry.engine.health;

import org.jspecify.annotations.NullMarked;
