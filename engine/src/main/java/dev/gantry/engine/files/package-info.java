/// The files of containers: copied in and out, compared, exported, committed.
@NullMarked
package dev.gantry.engine.files;

import org.jspecify.annotations.NullMarked;
