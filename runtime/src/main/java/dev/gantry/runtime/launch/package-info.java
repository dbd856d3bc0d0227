/// What a launch is made from and results in, as values: the process and the host that a program is compiled for, and
/// the
/// program with the names of the descriptors that it expects. [dev.gantry.runtime.launch.compile] leads from one to the
/// other.
@NullMarked
package dev.gantry.runtime.launch;

import org.jspecify.annotations.NullMarked;
