/// Images as archives, and names with several platforms.
@NullMarked
package dev.gantry.e2e.archives;

import org.jspecify.annotations.NullMarked;
