/// Files of containers and archives of them, in both directions.
///
/// A path is resolved one component at a time on descriptors, symbolic links included: what somebody in the
/// container exchanges meanwhile leads to another file of the same container, never out of it
/// (CVE-2018-15664 and its kin). Nothing that lies there is executed or loaded.
@NullMarked
package dev.gantry.store.files;

import org.jspecify.annotations.NullMarked;
