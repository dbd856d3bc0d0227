/// Network namespaces, made by the daemon itself.
@NullMarked
package dev.gantry.kernel.network;

import org.jspecify.annotations.NullMarked;
