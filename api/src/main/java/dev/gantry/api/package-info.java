/// The Docker Engine HTTP API over the engine.
@NullMarked
package dev.gantry.api;

import org.jspecify.annotations.NullMarked;
