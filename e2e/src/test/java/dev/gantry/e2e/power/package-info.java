/// Power cuts: a virtual machine that runs the daemon is killed, and its disk forgets what it had not been told to
/// keep.
@NullMarked
package dev.gantry.e2e.power;

import org.jspecify.annotations.NullMarked;
