/// Where the time of starts goes, for Java Flight Recorder.
@NullMarked
package dev.gantry.runtime.timing;

import org.jspecify.annotations.NullMarked;
