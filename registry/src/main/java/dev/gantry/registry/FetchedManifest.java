package dev.gantry.registry;

import dev.gantry.oci.image.Descriptor;

/// A manifest or index as the registry has it, verified against the descriptor and against ambiguity.
///
/// @param descriptor with the media type that it came with
/// @param content the exact bytes, which the digest is of
@SuppressWarnings("ArrayRecordComponent") // handed over, not kept
public record FetchedManifest(Descriptor descriptor, byte[] content) {}
