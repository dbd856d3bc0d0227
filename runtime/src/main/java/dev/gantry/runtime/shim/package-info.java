/// The daemon's side of a shim: what it is handed, how it is started, what it says, and how its process ended.
@NullMarked
package dev.gantry.runtime.shim;

import org.jspecify.annotations.NullMarked;
