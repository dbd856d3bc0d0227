package dev.gantry.store;

import dev.gantry.oci.Digest;
import java.nio.file.Path;

/// An unpacked layer.
///
/// @param diffId digest of the uncompressed tar
/// @param tree the layer's root directory, fit as a lower directory of an overlay; its content is hostile: only
///     descriptors beneath it may be followed
/// @param size bytes of files and of symbolic links' targets, as Docker counts: each hard-linked file once
public record Layer(Digest diffId, Path tree, long size) {}
