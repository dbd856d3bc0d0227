/// A container's log: Docker's formats of json-file and of `local`, their rotation, readers that find their place
/// without reading all, and the journals that output lies in until it is recorded.
///
/// One writer per log; readers are independent of it and of each other, and see rotated files in order.
@NullMarked
package dev.gantry.engine.log;

import org.jspecify.annotations.NullMarked;
