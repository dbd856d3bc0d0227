/// Go text/template, as far as Docker formats need it.
///
/// Values are plain Java: `String`, `Long`, `Double`, `Boolean`, `List`, `Map` (a Go map), [Struct] (a Go struct),
/// `null` (a nil pointer) and [Value#NONE] (no value at all).
@NullMarked
package dev.gantry.cli.template;

import org.jspecify.annotations.NullMarked;
