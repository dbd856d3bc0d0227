/// The specification's words for scheduling, priorities, CPUs and memory policy, in the kernel's numbers.
@NullMarked
package dev.gantry.runtime.scheduling;

import org.jspecify.annotations.NullMarked;
