/// What the runtime does not do: the one list that refusals take their words from, and `gantry info` shows.
@NullMarked
package dev.gantry.runtime.refusal;

import org.jspecify.annotations.NullMarked;
