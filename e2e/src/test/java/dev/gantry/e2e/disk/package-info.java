/// Volumes, what everything takes on the disk, and the removal of what nobody uses.
@NullMarked
package dev.gantry.e2e.disk;

import org.jspecify.annotations.NullMarked;
