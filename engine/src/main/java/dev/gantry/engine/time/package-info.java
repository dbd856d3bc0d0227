/// Points in time as Docker's API writes and reads them.
@NullMarked
package dev.gantry.engine.time;

import org.jspecify.annotations.NullMarked;
