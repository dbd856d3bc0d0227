/// Further processes in running containers.
@NullMarked
package dev.gantry.engine.exec;

import org.jspecify.annotations.NullMarked;
