/// What a command finds in a container's root: what is wrong with one that cannot be executed (its file, its
/// interpreter, or the loader of either), and the home of its user.
@NullMarked
package dev.gantry.runtime.command;

import org.jspecify.annotations.NullMarked;
