/// The bindings: what leaves the JVM, and nothing else.
///
/// System calls go through one linked function, `syscall(2)` ([SystemCall]), rather than through one C wrapper
/// each. Three reasons: linking a function costs milliseconds and the command line starts in less than a hundred of
/// them; about half of the calls that make a container have no wrapper in the C libraries of the supported
/// distributions; and the structures are then the kernel's own (`linux/*.h`), which do not change, rather than the
/// C library's. What only a library offers is bound lazily in a class of its own: [PosixSpawn] (libc) and
/// [LibSeccomp].
///
/// Rules: a binding returns what the kernel returned, or the negative error number (as the kernel itself does). It
/// neither retries nor throws; that is the work of `dev.gantry.kernel`. The error number is captured per call, in
/// memory of that call: a buffer shared between threads gave wrong numbers in more than one call of a hundred.
/// Structures are constants whose offsets come from their layout.
@NullMarked
package dev.gantry.kernel.ffi;

import org.jspecify.annotations.NullMarked;
