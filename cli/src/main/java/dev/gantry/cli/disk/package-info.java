/// What everything takes on the disk, and the removal of what nobody uses.
@NullMarked
package dev.gantry.cli.disk;

import org.jspecify.annotations.NullMarked;
