/// Commands about the files of containers.
@NullMarked
package dev.gantry.cli.files;

import org.jspecify.annotations.NullMarked;
