/// Containers of other OCI runtimes than the daemon's own.
@NullMarked
package dev.gantry.e2e.runtimes;

import org.jspecify.annotations.NullMarked;
