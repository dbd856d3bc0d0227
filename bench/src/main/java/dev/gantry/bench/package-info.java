/// The side-by-side harness: Gantry and its peers measured alternately in one run, so that the machine's moods hit all
/// alike.
@NullMarked
package dev.gantry.bench;

import org.jspecify.annotations.NullMarked;
