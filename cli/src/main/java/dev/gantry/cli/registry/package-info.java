/// The commands about registries: logins, and what is there.
@NullMarked
package dev.gantry.cli.registry;

import org.jspecify.annotations.NullMarked;
