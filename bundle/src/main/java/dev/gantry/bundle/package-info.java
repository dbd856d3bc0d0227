/// `gantry runtime`: commands, one class for what belongs together, over [dev.gantry.runtime.OciRuntime].
///
/// Commands, flags and outputs are runc's, as engines call them: create, start, state, kill, delete, exec, list, run,
/// ps,
/// pause, resume, spec, features. What is known of a container between two calls is in the directory `--root`.
@NullMarked
package dev.gantry.bundle;

import org.jspecify.annotations.NullMarked;
