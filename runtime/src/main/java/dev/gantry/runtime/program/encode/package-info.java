/// Turns a program into a static ELF executable: an encoder per architecture, label resolution, the file's headers.
///
/// Equal programs give equal bytes.
@NullMarked
package dev.gantry.runtime.program.encode;

import org.jspecify.annotations.NullMarked;
