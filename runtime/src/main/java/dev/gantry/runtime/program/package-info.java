/// The launch program as a value: an ordered list of system calls, jumps and small computations, with its data.
///
/// A [Program][dev.gantry.runtime.program.Program] is immutable, knows nothing of an architecture, and is built by a
/// [ProgramBuilder][dev.gantry.runtime.program.ProgramBuilder]. The sub-package `encode` turns it into a static ELF
/// executable, `render` into text as strace(1) prints it, and `part` holds the pieces that several programs share.
///
/// Invariants: no instruction uses the stack (so that `clone3` with `CLONE_VM|CLONE_VFORK` needs none of its own);
/// everything a running program remembers lies in its variables; addresses are final as soon as an item is allocated.
@NullMarked
package dev.gantry.runtime.program;

import org.jspecify.annotations.NullMarked;
