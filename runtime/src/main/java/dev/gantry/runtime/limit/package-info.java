/// Resource limits and OOM scores of processes, as far as this host gives them.
@NullMarked
package dev.gantry.runtime.limit;

import org.jspecify.annotations.NullMarked;
