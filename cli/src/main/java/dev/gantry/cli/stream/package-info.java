/// Attached streams: multiplexed output, input with detach keys, raw terminals, forwarded signals.
@NullMarked
package dev.gantry.cli.stream;

import org.jspecify.annotations.NullMarked;
