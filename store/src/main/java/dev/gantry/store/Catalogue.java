package dev.gantry.store;

import dev.gantry.oci.Digest;
import dev.gantry.oci.ImageReference;
import dev.gantry.oci.image.Descriptor;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Which images there are and what they are called, at one moment. Immutable; a change makes a new one.
///
/// @param images by ID; their references are set when they are asked for
/// @param names fully qualified, to the image's ID
/// @param unreadable entries of the index whose images are not whole, as they were read: what is left is kept
record Catalogue(Map<Digest, Image> images, Map<ImageReference, Digest> names, List<Descriptor> unreadable) {
    static final Catalogue EMPTY = new Catalogue(Map.of(), Map.of(), List.of());

    Catalogue {
        images = Map.copyOf(images);
        names = Map.copyOf(names);
        unreadable = List.copyOf(unreadable);
    }

    Optional<Image> find(Digest id) {
        return Optional.ofNullable(images.get(id)).map(this::named);
    }

    Optional<Image> find(ImageReference reference) {
        return Optional.ofNullable(names.get(reference)).flatMap(this::find);
    }

    /// Images whose ID starts so.
    List<Image> startingWith(String hex) {
        return images.keySet().stream()
                .filter(id -> id.hex().startsWith(hex))
                .flatMap(id -> find(id).stream())
                .toList();
    }

    /// Newest first.
    List<Image> list() {
        return images.values().stream()
                .map(this::named)
                .sorted(Comparator.comparingLong(Catalogue::age).thenComparing(Image::id))
                .toList();
    }

    private static long age(Image image) {
        return image.config().created() == null
                ? Long.MAX_VALUE
                : -image.config().created().getEpochSecond();
    }

    private Image named(Image image) {
        List<ImageReference> references = names.entrySet().stream()
                .filter(name -> name.getValue().equals(image.id()))
                .map(Map.Entry::getKey)
                .sorted(Comparator.comparing(ImageReference::toString))
                .toList();
        return new Image(
                image.id(),
                image.config(),
                image.manifest(),
                references,
                image.layers(),
                image.parent(),
                image.stored());
    }

    /// With an image added or replaced, and a name moved to it.
    Catalogue with(Image image, @Nullable ImageReference name) {
        Map<Digest, Image> changedImages = new LinkedHashMap<>(images);
        changedImages.put(image.id(), image);
        Map<ImageReference, Digest> changedNames = new LinkedHashMap<>(names);
        if (name != null) {
            changedNames.put(name, image.id());
        }
        String taken = name == null ? "" : name.toString();
        List<Descriptor> left = unreadable.stream()
                .filter(entry -> name == null || !LayoutIndex.name(entry).equals(taken))
                .toList();
        return new Catalogue(changedImages, changedNames, left);
    }

    /// With an entry whose image is not whole.
    Catalogue withUnreadable(Descriptor entry) {
        List<Descriptor> changed = new ArrayList<>(unreadable);
        changed.add(entry);
        return new Catalogue(images, names, changed);
    }

    /// Without an entry whose image is not whole.
    Catalogue withoutUnreadable(Descriptor entry) {
        List<Descriptor> changed = new ArrayList<>(unreadable);
        changed.remove(entry);
        return new Catalogue(images, names, changed);
    }

    /// Without a name; its image stays.
    Catalogue without(ImageReference name) {
        Map<ImageReference, Digest> changed = new LinkedHashMap<>(names);
        changed.remove(name);
        return new Catalogue(images, changed, unreadable);
    }

    /// Without an image and all its names.
    Catalogue without(Digest id) {
        Map<Digest, Image> changedImages = new LinkedHashMap<>(images);
        changedImages.remove(id);
        Map<ImageReference, Digest> changedNames = new LinkedHashMap<>(names);
        changedNames.values().removeIf(id::equals);
        return new Catalogue(changedImages, changedNames, unreadable);
    }
}
