/// JSON as a light immutable tree, read by a streaming parser and written by hand.
///
/// Numbers keep their spelling and objects keep their order, so that what a daemon sent is shown unchanged.
@NullMarked
package dev.gantry.cli.json;

import org.jspecify.annotations.NullMarked;
