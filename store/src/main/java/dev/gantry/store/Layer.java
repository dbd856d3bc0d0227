package dev.gantry.store;

import dev.gantry.oci.Digest;
import java.nio.file.Path;

/// An unpacked layer.
///
/// @param diffId digest of the uncompressed tar
/// @param tree the layer's root directory, fit as a lower directory of an overlay; its content is hostile: only
///     descriptors beneath it may be followed
/// @param size bytes of regular files' content, each hard-linked file once
/// @param treeDigest digest over everything in the tree, see [dev.gantry.store.tar.TreeDigest]
public record Layer(Digest diffId, Path tree, long size, Digest treeDigest) {}
