/// What is wrong with a command that cannot be executed: its file, its interpreter, or the loader of either.
@NullMarked
package dev.gantry.runtime.command;

import org.jspecify.annotations.NullMarked;
