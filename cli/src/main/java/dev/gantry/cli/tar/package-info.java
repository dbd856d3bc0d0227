/// Tar archives as `cp` needs them: what the daemon sends and takes (POSIX ustar with PAX headers).
@NullMarked
package dev.gantry.cli.tar;

import org.jspecify.annotations.NullMarked;
