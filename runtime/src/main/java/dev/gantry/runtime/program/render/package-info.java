/// Shows a program's calls as strace(1) 6.1 prints them, before any of them is made.
@NullMarked
package dev.gantry.runtime.program.render;

import org.jspecify.annotations.NullMarked;
