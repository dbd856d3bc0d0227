/// Images when things break: a killed daemon, a full disk, garbage collection beside everything else.
@NullMarked
package dev.gantry.e2e.images;

import org.jspecify.annotations.NullMarked;
