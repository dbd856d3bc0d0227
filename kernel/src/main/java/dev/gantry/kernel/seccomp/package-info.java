/// System-call filters: rules in, a BPF program out, by way of libseccomp.
///
/// Only compiles. Who loads a program is the process that it is for.
@NullMarked
package dev.gantry.kernel.seccomp;

import org.jspecify.annotations.NullMarked;
