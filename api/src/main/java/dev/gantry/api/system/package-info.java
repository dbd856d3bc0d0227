/// The daemon itself over HTTP: version, information, events, disk usage.
@NullMarked
package dev.gantry.api.system;

import org.jspecify.annotations.NullMarked;
