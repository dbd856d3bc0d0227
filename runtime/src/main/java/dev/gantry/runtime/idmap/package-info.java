/// User namespaces: which IDs of the host stand behind those of a container.
@NullMarked
package dev.gantry.runtime.idmap;

import org.jspecify.annotations.NullMarked;
