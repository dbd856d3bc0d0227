/// What of the OCI runtime specification is done, and what is refused by its name.
@NullMarked
package dev.gantry.runtime.conformance;

import org.jspecify.annotations.NullMarked;
