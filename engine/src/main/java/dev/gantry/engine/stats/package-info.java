/// What containers use of the host, sampled for whoever asks.
///
/// Everybody who asks for the same container within a second shares one reading of the kernel's files.
@NullMarked
package dev.gantry.engine.stats;

import org.jspecify.annotations.NullMarked;
