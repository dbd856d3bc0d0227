/// Image configuration, manifest and index as the OCI image specification 1.1 and Docker's image format define them.
///
/// These records are what the documents say. An image's identity is the digest of the exact bytes of its
/// configuration, so whoever stores a document keeps the bytes it came as; a record is for reading, and for making
/// new documents.
@NullMarked
package dev.gantry.oci.image;

import org.jspecify.annotations.NullMarked;
