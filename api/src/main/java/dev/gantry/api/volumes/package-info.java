/// The endpoints of volumes.
@NullMarked
package dev.gantry.api.volumes;

import org.jspecify.annotations.NullMarked;
