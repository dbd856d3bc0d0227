/// The data that the OCI and Docker specifications define: references, digests, manifests, image configurations,
/// runtime specs. No I/O.
@NullMarked
package dev.gantry.oci;

import org.jspecify.annotations.NullMarked;
