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
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
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

    /// Images without those that only serve as parents of others, and without other platforms of a name's image.
    private static List<Image> candidates(List<Image> all) {
        Set<Digest> parents =
                all.stream().flatMap(image -> Stream.ofNullable(image.parent())).collect(Collectors.toSet());
        return all.stream()
                .filter(image -> !image.references().isEmpty() || !parents.contains(image.id()))
                .filter(image -> !image.isOtherPlatform())
                .toList();
    }
}
