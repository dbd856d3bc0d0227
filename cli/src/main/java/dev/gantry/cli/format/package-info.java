/// How things look: tables, human sizes and times, and the formatter behind every `--format`.
@NullMarked
package dev.gantry.cli.format;

import org.jspecify.annotations.NullMarked;
