package dev.gantry.store;

import dev.gantry.oci.Digest;
import dev.gantry.oci.Platform;
import dev.gantry.oci.image.Descriptor;
import dev.gantry.oci.image.Index;
import java.util.List;

/// An image index that a name leads to: manifests for several platforms, of which some are in the store.
///
/// @param descriptor of the document
/// @param document as it was read
public record ImageIndex(Descriptor descriptor, Index document) {
    private static final String UNKNOWN = "unknown";

    /// The manifests of images, in the index's order. What builders put beside them (attestations, whose platform is
    /// `unknown/unknown`) is not taken in.
    public List<Descriptor> images() {
        return document.manifests().stream().filter(ImageIndex::isImage).toList();
    }

    private static boolean isImage(Descriptor manifest) {
        Platform platform = manifest.platform();
        return platform == null
                || !platform.os().equals(UNKNOWN)
                || !platform.architecture().equals(UNKNOWN);
    }

    boolean has(Digest manifest) {
        return images().stream().anyMatch(each -> each.digest().equals(manifest));
    }
}
