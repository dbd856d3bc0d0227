/// Events: the last ones are kept, and new ones reach every subscriber whose filter lets them pass.
@NullMarked
package dev.gantry.engine.event;

import org.jspecify.annotations.NullMarked;
