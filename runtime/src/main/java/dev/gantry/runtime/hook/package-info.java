/// Hooks that run in the daemon's namespaces, and the state that every hook reads.
@NullMarked
package dev.gantry.runtime.hook;

import org.jspecify.annotations.NullMarked;
