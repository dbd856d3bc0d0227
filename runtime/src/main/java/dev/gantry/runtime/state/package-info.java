/// What is kept of each container in the state root, so that a daemon that comes later takes it back.
@NullMarked
package dev.gantry.runtime.state;

import org.jspecify.annotations.NullMarked;
