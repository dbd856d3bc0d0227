/// What the engine reports, with the names of Docker's API in JSON: answers of inspect, list, history and info.
@NullMarked
package dev.gantry.engine.view;

import org.jspecify.annotations.NullMarked;
