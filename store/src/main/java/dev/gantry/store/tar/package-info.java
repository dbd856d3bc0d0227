/// Layers as tar archives: reading every format that layers come in, and unpacking beneath one directory.
///
/// Archives are hostile. A name in an archive is only ever resolved by a [Tree], beneath its root, with the root's
/// own symbolic links; no name reaches `java.nio.file`.
@NullMarked
package dev.gantry.store.tar;

import org.jspecify.annotations.NullMarked;
