/// The files of containers: copied, compared, exported, committed.
@NullMarked
package dev.gantry.e2e.files;

import org.jspecify.annotations.NullMarked;
