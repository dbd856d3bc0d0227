/// Suites that run once more inside a virtual machine, on a kernel that is not this host's.
@NullMarked
package dev.gantry.e2e.vm;

import org.jspecify.annotations.NullMarked;
