/// Compression of layers for registries.
@NullMarked
package dev.gantry.store.gzip;

import org.jspecify.annotations.NullMarked;
