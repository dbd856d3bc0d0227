/// The daemon: configuration in, server out.
@NullMarked
package dev.gantry.daemon;

import org.jspecify.annotations.NullMarked;
