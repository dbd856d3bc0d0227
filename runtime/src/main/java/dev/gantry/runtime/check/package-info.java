/// Whether what is recorded of containers, their cgroups and their processes agree.
///
/// Nothing here changes anything, and each look is one of several: what is found may be on its way in or out, so only
/// what is found again counts.
@NullMarked
package dev.gantry.runtime.check;

import org.jspecify.annotations.NullMarked;
