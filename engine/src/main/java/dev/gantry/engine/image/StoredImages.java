package dev.gantry.engine.image;

import dev.gantry.oci.Digest;
import dev.gantry.oci.ImageReference;
import dev.gantry.store.Image;
import dev.gantry.store.ImageStore;
import java.io.IOException;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The images of the store; everybody is told of their removal.
record StoredImages(ImageStore store, ImageEvents events) implements ImageCatalogue {
    @Override
    public Optional<Image> find(Digest id) throws IOException {
        return store.find(id.toString());
    }

    @Override
    public List<Image> list() {
        return store.list();
    }

    @Override
    public boolean untag(Image image, ImageReference name) throws IOException {
        boolean used = store.untag(name);
        if (used) {
            events.untagged(image);
        }
        return used;
    }

    @Override
    public Set<Digest> remove(Image image) throws IOException {
        Set<Digest> gone = new HashSet<>(store.remove(image.id()));
        events.deleted(image);
        return gone;
    }

    @Override
    public List<Image> withOthers(Image image, List<ImageReference> names) throws IOException {
        Map<Digest, Image> all = new LinkedHashMap<>();
        all.put(image.id(), image);
        for (ImageReference name : names) {
            store.find(name.toString())
                    .map(store::platforms)
                    .orElse(List.of())
                    .forEach(each -> all.putIfAbsent(each.id(), each));
        }
        return List.copyOf(all.values());
    }
}
