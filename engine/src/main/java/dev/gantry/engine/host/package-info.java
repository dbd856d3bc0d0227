/// The engine on this host: [dev.gantry.engine.host.HostEngine] wires the features together.
@NullMarked
package dev.gantry.engine.host;

import org.jspecify.annotations.NullMarked;
