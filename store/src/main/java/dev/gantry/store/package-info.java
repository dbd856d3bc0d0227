/// Images on disk: content by digest, layers unpacked once, names.
///
/// ```
/// root/                    0710
///   content/               0700  an OCI image layout, readable in place by other tools
///     oci-layout
///     index.json                 every name and every image: the one truth about what is there
///     blobs/sha256/…             manifests, configurations, layer tars as they came
///   layers/<diff id>/      0700
///     fs/                        the tree, a lower directory of overlay mounts
///     layer.json                 its size and the digest of the tree
///     allocated                  what the tree takes on the disk, once somebody has asked
///   tmp/                   0700  unfinished work, emptied at open
/// ```
///
/// An image is there from the moment `index.json` is renamed into place; everything it needs has been synced before.
/// Whatever `index.json` and no [Lease] reaches is garbage.
@NullMarked
package dev.gantry.store;

import org.jspecify.annotations.NullMarked;
