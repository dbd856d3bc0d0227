/// What Gantry does not do: the one list that refusals of requests take their words from, and `info` shows.
@NullMarked
package dev.gantry.engine.refusal;

import org.jspecify.annotations.NullMarked;
