/// Images from and to registries that nobody here wrote.
@NullMarked
package dev.gantry.e2e.registries;

import org.jspecify.annotations.NullMarked;
