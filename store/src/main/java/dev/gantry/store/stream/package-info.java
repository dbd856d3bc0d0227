/// Streams that know nothing of images.
@NullMarked
package dev.gantry.store.stream;

import org.jspecify.annotations.NullMarked;
