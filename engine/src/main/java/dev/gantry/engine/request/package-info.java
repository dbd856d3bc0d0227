/// What callers ask of the engine.
@NullMarked
package dev.gantry.engine.request;

import org.jspecify.annotations.NullMarked;
