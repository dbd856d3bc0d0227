package dev.gantry.engine.image;

import dev.gantry.oci.Digest;
import dev.gantry.oci.ImageReference;
import dev.gantry.store.Image;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The images that would be there: a removal of these tells what one of the store's would do.
final class ForeseenImages implements ImageCatalogue {
    private final Map<Digest, Image> images = new LinkedHashMap<>();

    /// @param present newest first
    ForeseenImages(List<Image> present) {
        present.forEach(each -> images.put(each.id(), each));
    }

    @Override
    public Optional<Image> find(Digest id) {
        return Optional.ofNullable(images.get(id));
    }

    @Override
    public List<Image> list() {
        return List.copyOf(images.values());
    }

    @Override
    public boolean untag(Image image, ImageReference name) {
        Image present = images.get(image.id());
        if (present == null || !present.references().contains(name)) {
            return false;
        }
        images.replaceAll((_, each) -> each.without(name));
        return true;
    }

    @Override
    public Set<Digest> remove(Image image) {
        images.remove(image.id());
        return Set.of();
    }

    @Override
    public List<Image> withOthers(Image image, List<ImageReference> names) {
        Set<Image> all = new LinkedHashSet<>(List.of(image));
        for (Image each : images.values()) {
            boolean other = each.names().others().stream().anyMatch(names::contains);
            if (other && !each.id().equals(image.id())) {
                all.add(each);
            }
        }
        return List.copyOf(all);
    }
}
