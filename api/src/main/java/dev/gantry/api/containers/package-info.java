/// Containers and execs over HTTP: their life, their streams, their logs.
@NullMarked
package dev.gantry.api.containers;

import org.jspecify.annotations.NullMarked;
