package dev.gantry.store;

/// The digest of an unpacked tree.
final class TreeDigest {
    private TreeDigest() {}
}
