/// Commands as declarative tables: one description makes parsing, help, completion and the reference page.
@NullMarked
package dev.gantry.cli.command;

import org.jspecify.annotations.NullMarked;
