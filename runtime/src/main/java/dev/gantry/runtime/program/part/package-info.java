/// Parts that several programs share: the supervisor, the two-level start, the small init.
///
/// Each part is a value that appends its instructions to a
/// [ProgramBuilder][dev.gantry.runtime.program.ProgramBuilder].
@NullMarked
package dev.gantry.runtime.program.part;

import org.jspecify.annotations.NullMarked;
