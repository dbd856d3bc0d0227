/// Documents and codes of the distribution protocol as data.
@NullMarked
package dev.gantry.registry.protocol;

import org.jspecify.annotations.NullMarked;
