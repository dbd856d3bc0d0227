/// Runtime spec in, process out: compiles each container's spec into a launch program of system calls, and starts it.
@NullMarked
package dev.gantry.runtime;

import org.jspecify.annotations.NullMarked;
