package dev.gantry.store;

import dev.gantry.oci.Digest;
import dev.gantry.oci.ImageReference;
import dev.gantry.oci.image.Descriptor;
import dev.gantry.oci.image.ImageConfig;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// An image in the store, as it was when asked for.
///
/// @param id digest of the configuration document
/// @param config the configuration
/// @param manifest by which the name that was asked for has it: an image that came with other compression has another
/// @param index what that name leads to, if it is an index; else null, as for what was asked for by ID
/// @param names that lead to it
/// @param layers bottom first
/// @param parent the image this one was built or committed from, if it was made here
/// @param stored when the image came into the store, or was last tagged
/// @param tagged when it was last given a name here; null if its names came with it
public record Image(
        Digest id,
        ImageConfig config,
        Descriptor manifest,
        @Nullable ImageIndex index,
        Names names,
        List<Layer> layers,
        @Nullable Digest parent,
        Instant stored,
        @Nullable Instant tagged) {
    public Image {
        layers = List.copyOf(layers);
    }

    /// The names of an image, each list sorted; with a tag, or with a digest as it was pulled.
    ///
    /// @param chosen those that mean this image
    /// @param others those of indexes that have this image for a platform, but mean another one's for now
    public record Names(List<ImageReference> chosen, List<ImageReference> others) {
        static final Names NONE = new Names(List.of(), List.of());

        public Names {
            chosen = List.copyOf(chosen);
            others = List.copyOf(others);
        }
    }

    /// One that has just come.
    static Image arrived(
            Digest id, ImageConfig config, Descriptor manifest, @Nullable ImageIndex index, List<Layer> layers) {
        return new Image(id, config, manifest, index, Names.NONE, layers, null, Instant.now(), null);
    }

    Image with(@Nullable ImageIndex replacement, Names newNames) {
        return new Image(id, config, manifest, replacement, newNames, layers, parent, stored, tagged);
    }

    Image withParent(@Nullable Digest replacement) {
        return new Image(id, config, manifest, index, names, layers, replacement, stored, tagged);
    }

    /// The same image, given a name at this time.
    Image taggedAt(Instant time) {
        return new Image(id, config, manifest, index, names, layers, parent, time, time);
    }

    /// The same image with what was known of it before it came again, by another manifest.
    Image remembering(Image earlier) {
        Digest knownParent = earlier.parent == null ? parent : earlier.parent;
        return new Image(
                id,
                config,
                manifest,
                index,
                names,
                layers,
                knownParent,
                stored,
                tagged == null ? earlier.tagged : tagged);
    }

    /// What the name that was asked for leads to: the index, else the manifest.
    public Descriptor target() {
        return index == null ? manifest : index.descriptor();
    }

    /// The same image without the index that its name leads to.
    public Image alone() {
        return with(null, names);
    }

    /// Every name that means this image.
    public List<ImageReference> references() {
        return names.chosen();
    }

    /// The same image with another manifest.
    Image of(Descriptor replacement) {
        return new Image(id, config, replacement, null, names, layers, parent, stored, tagged);
    }

    /// The same image without a name, of its own or of an index.
    public Image without(ImageReference name) {
        Predicate<ImageReference> left = each -> !each.equals(name);
        return with(
                index,
                new Names(
                        names.chosen().stream().filter(left).toList(),
                        names.others().stream().filter(left).toList()));
    }

    /// Names with a tag.
    public List<ImageReference> tags() {
        return references().stream()
                .filter(reference -> reference.tag() != null)
                .toList();
    }

    /// Names with a digest: what a registry called the image.
    public List<ImageReference> digests() {
        return references().stream()
                .filter(reference -> reference.digest() != null)
                .toList();
    }

    /// Whether no tag leads to the image, and it is not one of several platforms of a tag either.
    public boolean isDangling() {
        return tags().isEmpty() && names.others().stream().allMatch(name -> name.tag() == null);
    }

    /// Whether the image is here only as one of the platforms of names that mean another one.
    public boolean isOtherPlatform() {
        return names.chosen().isEmpty() && !names.others().isEmpty();
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
