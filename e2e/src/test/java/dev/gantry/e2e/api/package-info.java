/// The HTTP API by itself: against its published document, against dockerd's answers, and against bad input.
@NullMarked
package dev.gantry.e2e.api;

import org.jspecify.annotations.NullMarked;
