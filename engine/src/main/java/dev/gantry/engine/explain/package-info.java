/// What the launches of containers and of execs are explained with: their reasons, and the form in which they are
/// told.
@NullMarked
package dev.gantry.engine.explain;

import org.jspecify.annotations.NullMarked;
