/// Command-line grammar as pflag has it: flags, their values, their parsing and their help.
@NullMarked
package dev.gantry.cli.option;

import org.jspecify.annotations.NullMarked;
