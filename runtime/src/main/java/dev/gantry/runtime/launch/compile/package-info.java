/// Compiles a runtime spec into the launch program that makes the container, and an exec into the program that joins
/// it.
///
/// Nothing here makes a system call: what has to be known of the host comes in as values, what comes out is a
/// [dev.gantry.runtime.program.Program] and the list of descriptors that it expects.
///
/// Order of the child's steps: cgroups, then the cgroup namespace (the other way round it would be rooted at the
/// shim's cgroup); the root file system first and the host's gone before anything is looked up in it; everything is
/// resolved with `RESOLVE_IN_ROOT|RESOLVE_NO_MAGICLINKS` from the descriptor of the root; user and capabilities last.
@NullMarked
package dev.gantry.runtime.launch.compile;

import org.jspecify.annotations.NullMarked;
