/// Whom a container's process runs as: `--user` and `--group-add` looked up in the container's own root.
///
/// The files read here are the image's or the container's, so hostile: they are resolved inside the root, must be
/// regular and of limited size, and nothing in them can give a number another meaning.
@NullMarked
package dev.gantry.engine.user;

import org.jspecify.annotations.NullMarked;
