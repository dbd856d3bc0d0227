/// The OCI runtime specification 1.2 for Linux as records: what `config.json` holds.
///
/// Component names are the specification's names, so that a record serialises to exactly the JSON that runc, crun
/// and runsc read. Lists and maps are never null: an absent one is empty, and an empty one is left out of the JSON.
/// Everything else that the specification calls optional is `@Nullable`.
@NullMarked
package dev.gantry.oci.runtime;

import org.jspecify.annotations.NullMarked;
