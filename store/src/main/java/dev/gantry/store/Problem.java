package dev.gantry.store;

import dev.gantry.oci.Digest;

/// Something on disk is not what the store recorded.
///
/// @param imageId an image that needs it
/// @param subject the blob or layer
/// @param detail what is wrong
public record Problem(Digest imageId, String subject, String detail) {}
