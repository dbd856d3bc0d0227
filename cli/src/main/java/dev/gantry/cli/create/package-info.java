/// The flags of `run` and `create` turned into the body of a create request.
@NullMarked
package dev.gantry.cli.create;

import org.jspecify.annotations.NullMarked;
