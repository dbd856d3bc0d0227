/// A container's log: Docker's json-file format, its rotation, and readers that find their place without reading all.
///
/// One writer per log; readers are independent of it and of each other, and see rotated files in order.
@NullMarked
package dev.gantry.engine.log;

import org.jspecify.annotations.NullMarked;
