package dev.gantry.engine.image;

import dev.gantry.engine.EngineException.Invalid;
import dev.gantry.engine.EngineException.NotFound;
import dev.gantry.engine.Images.SavedImages;
import dev.gantry.oci.Digest;
import dev.gantry.oci.ImageReference;
import dev.gantry.oci.Platform;
import dev.gantry.store.Image;
import dev.gantry.store.ImageStore;
import dev.gantry.store.archive.ImageSave;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Chooses what an archive of images has: the images that references mean, each once, with all the names it was asked
/// for by.
final class Save {
    private final ImageStore store;
    private final ImageLookup lookup;
    private final ImageEvents events;
    private final Map<Digest, Image> images = new LinkedHashMap<>();
    private final Map<Digest, Set<ImageReference>> names = new LinkedHashMap<>();

    Save(ImageStore store, ImageLookup lookup, ImageEvents events) {
        this.store = store;
        this.lookup = lookup;
        this.events = events;
    }

    /// @throws NotFound if one is not here
    SavedImages run(List<String> refs, List<Platform> platforms) {
        if (refs.isEmpty()) {
            throw new Invalid("no image names given");
        }
        for (String ref : refs) {
            choose(ref, platforms);
        }
        List<ImageSave.Selected> selected = new ArrayList<>();
        images.forEach((target, image) ->
                selected.add(new ImageSave.Selected(image, List.copyOf(names.getOrDefault(target, Set.of())))));
        try {
            ImageSave save = ImageSave.of(store, selected);
            images.values().forEach(events::saved);
            return new SavedImages() {
                @Override
                public void writeTo(OutputStream out) throws IOException {
                    save.writeTo(out);
                }

                @Override
                public void close() {
                    save.close();
                }
            };
        } catch (NoSuchElementException e) {
            throw new NotFound(String.valueOf(e.getMessage()), e);
        } catch (IOException e) {
            throw ImageLookup.failed(e);
        }
    }

    private void choose(String ref, List<Platform> platforms) {
        List<ImageReference> tags = tags(ref);
        if (tags.isEmpty()) {
            Image _ = lookup.wanted(ref); // the built-in one gets its name now
            tags = tags(ref);
        }
        if (tags.isEmpty()) {
            add(ref, null, platforms);
        }
        for (ImageReference tag : tags) {
            add(tag.toString(), tag, platforms);
        }
    }

    /// The names with a tag that a text means: all of a repository for one without a tag.
    private List<ImageReference> tags(String ref) {
        ImageReference name;
        try {
            name = ImageLookup.parse(ref);
        } catch (Invalid _) {
            return List.of(); // the start of an ID, perhaps
        }
        if (name.digest() != null) {
            return List.of();
        }
        return ImageLookup.tags(store, name).stream()
                .filter(tag -> name.tag() == null || tag.equals(name))
                .toList();
    }

    private void add(String ref, @Nullable ImageReference name, List<Platform> platforms) {
        Image image = lookup.wanted(ref);
        List<Image> chosen = platforms.isEmpty()
                ? List.of(image)
                : platforms.stream()
                        .map(platform -> lookup.present(ref, platform).alone())
                        .toList();
        for (Image each : chosen) {
            Digest target = each.target().digest();
            images.put(target, each);
            if (name != null) {
                names.computeIfAbsent(target, _ -> new LinkedHashSet<>()).add(name);
            }
        }
    }
}
