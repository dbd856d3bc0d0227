package dev.gantry.engine.image;

import dev.gantry.engine.EngineException.Invalid;
import dev.gantry.engine.Filters;
import dev.gantry.engine.time.Moments;
import dev.gantry.engine.view.ImageSummary;
import dev.gantry.engine.view.ManifestSummary;
import dev.gantry.oci.Digest;
import dev.gantry.oci.ImageReference;
import dev.gantry.store.Image;
import dev.gantry.store.Layer;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Which images a list has, and what it shows of them.
final class ImageList {
    private static final Set<String> KNOWN =
            Set.of("before", "dangling", "label", "label!", "reference", "since", "until");

    private final ImageLookup lookup;
    private final ImageUse use;

    ImageList(ImageLookup lookup, ImageUse use) {
        this.lookup = lookup;
        this.use = use;
    }

    /// @param images newest first, which is the order of the answer
    /// @param manifests of each image; null to leave them out
    List<ImageSummary> of(List<Image> images, boolean all, Filters filters, @Nullable ManifestList manifests) {
        filters.requireOnly(KNOWN);
        boolean danglingOnly = filters.isTrue("dangling", false);
        boolean withDangling = danglingOnly || !filters.has("dangling");
        List<PathPattern> patterns =
                filters.get("reference").stream().map(PathPattern::of).toList();
        Instant before = before(filters);
        Instant since = since(filters);
        Set<Digest> parents = images.stream()
                .flatMap(image -> Stream.ofNullable(image.parent()))
                .collect(Collectors.toSet());
        Map<Digest, Integer> users = layerUsers(images);
        List<ImageSummary> summaries = new ArrayList<>();
        for (Image image : images) {
            Instant created = created(image);
            boolean inTime = (before == null || created.isBefore(before)) && (since == null || created.isAfter(since));
            List<ImageReference> names = matching(image.references(), patterns);
            boolean intermediate = image.references().isEmpty() && parents.contains(image.id());
            boolean shown = names.isEmpty()
                    ? !image.isOtherPlatform()
                            && patterns.isEmpty()
                            && withDangling
                            && (!intermediate || (all && !danglingOnly))
                    : !danglingOnly || image.isDangling();
            if (shown && inTime && filters.matchLabels(image.config().config().labels())) {
                summaries.add(summary(image, names, users, manifests));
            }
        }
        return summaries;
    }

    /// The earliest of all limits.
    private @Nullable Instant before(Filters filters) {
        Instant until = until(filters);
        for (String ref : filters.get("before")) {
            Instant created = created(lookup.present(ref));
            until = until == null || created.isBefore(until) ? created : until;
        }
        return until;
    }

    private @Nullable Instant since(Filters filters) {
        Instant latest = null;
        for (String ref : filters.get("since")) {
            Instant created = created(lookup.present(ref));
            latest = latest == null || created.isAfter(latest) ? created : latest;
        }
        return latest;
    }

    /// The earliest of the `until` filter's moments; null if it is not used.
    static @Nullable Instant until(Filters filters) {
        Instant earliest = null;
        for (String text : filters.get("until")) {
            try {
                Instant moment = Moments.parse(text, Instant.now());
                earliest = earliest == null || moment.isBefore(earliest) ? moment : earliest;
            } catch (IllegalArgumentException e) {
                throw new Invalid(String.valueOf(e.getMessage()), e);
            }
        }
        return earliest;
    }

    static Instant created(Image image) {
        Instant created = image.config().created();
        return created == null ? Instant.EPOCH : created;
    }

    private static List<ImageReference> matching(List<ImageReference> references, List<PathPattern> patterns) {
        if (patterns.isEmpty()) {
            return references;
        }
        return references.stream()
                .filter(reference -> patterns.stream()
                        .anyMatch(pattern ->
                                pattern.matches(reference.familiar()) || pattern.matches(reference.familiarName())))
                .toList();
    }

    private static Map<Digest, Integer> layerUsers(List<Image> images) {
        Map<Digest, Integer> users = new HashMap<>();
        for (Image image : images) {
            image.layers().stream().map(Layer::diffId).distinct().forEach(layer -> users.merge(layer, 1, Integer::sum));
        }
        return users;
    }

    private static @Nullable List<ManifestSummary> manifests(Image image, @Nullable ManifestList manifests) {
        try {
            return manifests == null ? null : manifests.of(image);
        } catch (IOException e) {
            throw ImageLookup.failed(e);
        }
    }

    private ImageSummary summary(
            Image image, List<ImageReference> names, Map<Digest, Integer> users, @Nullable ManifestList manifests) {
        long shared = image.layers().stream()
                .filter(layer -> users.getOrDefault(layer.diffId(), 0) > 1)
                .mapToLong(Layer::size)
                .sum();
        return new ImageSummary(
                image.id().toString(),
                image.parent() == null ? "" : image.parent().toString(),
                ImageViews.familiar(
                        names.stream().filter(name -> name.tag() != null).toList()),
                ImageViews.familiar(
                        names.stream().filter(name -> name.digest() != null).toList()),
                created(image).getEpochSecond(),
                image.size(),
                shared,
                image.config().config().labels(),
                use.of(image.id()).size(),
                manifests(image, manifests));
    }
}
