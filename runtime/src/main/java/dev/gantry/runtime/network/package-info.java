/// What containers need of the network before they are started.
@NullMarked
package dev.gantry.runtime.network;

import org.jspecify.annotations.NullMarked;
