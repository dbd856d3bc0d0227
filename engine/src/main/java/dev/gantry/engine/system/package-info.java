/// What the engine needs to know of the machine it runs on, and what it tells its users about it.
///
/// Read from /proc, /sys and /etc/os-release; nothing here changes the host but the engine's ID in its data root.
@NullMarked
package dev.gantry.engine.system;

import org.jspecify.annotations.NullMarked;
