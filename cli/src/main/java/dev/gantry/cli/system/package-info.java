/// The commands about the daemon itself: version, info, events, inspect, completion.
@NullMarked
package dev.gantry.cli.system;

import org.jspecify.annotations.NullMarked;
