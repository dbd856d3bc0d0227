/// From what a user asked for, what the image says and what Docker does by default to an OCI runtime specification.
///
/// Nothing here changes the host: requests are judged, merged and translated. What cannot be is refused with Docker's
/// text, before anything has been created.
@NullMarked
package dev.gantry.engine.spec;

import org.jspecify.annotations.NullMarked;
