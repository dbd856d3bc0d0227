/// Images on disk: content by digest, layers unpacked once, names.
@NullMarked
package dev.gantry.store;

import org.jspecify.annotations.NullMarked;
