/// Images over HTTP: listed, inspected, imported, tagged, removed.
@NullMarked
package dev.gantry.api.images;

import org.jspecify.annotations.NullMarked;
