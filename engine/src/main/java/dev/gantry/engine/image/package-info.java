/// Images by Docker's rules, over the store: which are listed, what is shown of them, when one may be removed.
///
/// Everything in an image's configuration is data of a stranger. It is shown and it gives containers their defaults;
/// no label, annotation or other value in it configures the engine (CVE-2026-53488).
@NullMarked
package dev.gantry.engine.image;

import org.jspecify.annotations.NullMarked;
