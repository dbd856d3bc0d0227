/// What differs between API versions, all in one place: the engine speaks the newest only.
@NullMarked
package dev.gantry.api.versions;

import org.jspecify.annotations.NullMarked;
