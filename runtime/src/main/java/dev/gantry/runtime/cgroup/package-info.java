/// Control groups of containers: made, limited, frozen, read and removed.
///
/// Paths here are the host's own below `/sys/fs/cgroup`; none comes from a container.
@NullMarked
package dev.gantry.runtime.cgroup;

import org.jspecify.annotations.NullMarked;
