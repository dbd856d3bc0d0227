/// The gantry command. Talks to a daemon only through the public API, as a stranger would.
@NullMarked
package dev.gantry.cli;

import org.jspecify.annotations.NullMarked;
