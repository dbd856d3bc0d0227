package dev.gantry.store;

import dev.gantry.oci.Digest;
import dev.gantry.oci.ImageReference;
import dev.gantry.oci.image.Descriptor;
import dev.gantry.oci.image.ImageConfig;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// An image in the store, as it was when asked for.
///
/// @param id digest of the configuration document
/// @param config the configuration
/// @param manifest what the store's index links to
/// @param references every name, sorted; with a tag, or with a digest as it was pulled
/// @param layers bottom first
/// @param parent the image this one was built or committed from, if it was made here
/// @param stored when the image came into the store, or was last tagged
public record Image(
        Digest id,
        ImageConfig config,
        Descriptor manifest,
        List<ImageReference> references,
        List<Layer> layers,
        @Nullable Digest parent,
        Instant stored) {
    public Image {
        references = List.copyOf(references);
        layers = List.copyOf(layers);
    }

    /// The same image with another time.
    Image storedAt(Instant time) {
        return new Image(id, config, manifest, references, layers, parent, time);
    }

    /// Names with a tag.
    public List<ImageReference> tags() {
        return references.stream().filter(reference -> reference.tag() != null).toList();
    }

    /// Names with a digest: what a registry called the image.
    public List<ImageReference> digests() {
        return references.stream()
                .filter(reference -> reference.digest() != null)
                .toList();
    }

    /// Whether no name leads to the image.
    public boolean isDangling() {
        return tags().isEmpty();
    }

    /// Bytes of all layers' files, also those that another image shares.
    public long size() {
        return layers.stream().mapToLong(Layer::size).sum();
    }

    /// The unpacked trees, top layer first, as an overlay takes its lower directories.
    public List<Path> layerTrees() {
        return layers.reversed().stream().map(Layer::tree).toList();
    }
}
