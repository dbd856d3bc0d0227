package dev.gantry.engine.image;

import dev.gantry.engine.EngineException.Invalid;
import dev.gantry.engine.Filters;
import dev.gantry.engine.content.ContentLedger;
import dev.gantry.engine.view.DeletedImage;
import dev.gantry.oci.Digest;
import dev.gantry.store.Image;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Removes the images that nobody uses and the filters want.
final class ImagePruning {
    private static final Set<String> KNOWN = Set.of("dangling", "label", "label!", "until");

    private final Filters filters;
    private final boolean danglingOnly;
    private final @Nullable Instant until;

    ImagePruning(Filters filters) {
        filters.requireOnly(KNOWN);
        this.filters = filters;
        danglingOnly = filters.isTrue("dangling", true);
        if (filters.get("until").size() > 1) {
            throw new Invalid("more than one until filter specified");
        }
        until = ImageList.until(filters);
    }

    /// An image that is gone, perhaps with parents.
    ///
    /// @param deleted names, IDs and layers, in order
    /// @param freed bytes on the disk
    record Removed(Image image, List<DeletedImage> deleted, long freed) {}

    List<Removed> run(ImageCatalogue images, ImageUse use, ContentLedger ledger) throws IOException {
        List<Removed> removed = new ArrayList<>();
        for (Image image : candidates(images.list())) {
            if (wanted(image)) {
                var removal = new ImageRemoval(images, use);
                removal.unused(image);
                long freed = removal.removed().stream()
                        .mapToLong(id -> ledger.release(id.toString()))
                        .sum();
                if (!removal.done().isEmpty()) {
                    removed.add(new Removed(image, removal.done(), freed));
                }
            }
        }
        return removed;
    }

    private boolean wanted(Image image) {
        boolean young = until != null && ImageList.created(image).isAfter(until);
        return !young
                && (image.isDangling() || !danglingOnly)
                && filters.matchLabels(image.config().config().labels());
    }

    /// Images without those that only serve as parents of others, and without other platforms of a name's image;
    /// children before their parents, which have none left then.
    private static List<Image> candidates(List<Image> all) {
        Map<Digest, Digest> parents = new HashMap<>();
        for (Image image : all) {
            if (image.parent() != null) {
                parents.put(image.id(), image.parent());
            }
        }
        Set<Digest> withChildren = Set.copyOf(parents.values());
        return all.stream()
                .filter(image -> !image.references().isEmpty() || !withChildren.contains(image.id()))
                .filter(image -> !image.isOtherPlatform())
                .sorted(Comparator.comparingLong(image -> -ancestors(image, parents)))
                .toList();
    }

    private static long ancestors(Image image, Map<Digest, Digest> parents) {
        return Stream.iterate(image.id(), Objects::nonNull, parents::get).count();
    }
}
