/// Containers, images and events: what the HTTP API and an embedding program call.
@NullMarked
package dev.gantry.engine;

import org.jspecify.annotations.NullMarked;
