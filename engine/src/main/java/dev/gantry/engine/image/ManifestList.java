package dev.gantry.engine.image;

import dev.gantry.engine.view.ManifestSummary;
import dev.gantry.oci.Digest;
import dev.gantry.oci.ImageReference;
import dev.gantry.oci.Platform;
import dev.gantry.oci.image.Descriptor;
import dev.gantry.oci.image.Manifest;
import dev.gantry.store.Image;
import dev.gantry.store.ImageStore;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The platforms that the names of an image have, those that are not here as well.
record ManifestList(ImageStore store, ImageUse use) {
    private static final Platform UNKNOWN = Platform.of("unknown", "unknown", null);

    List<ManifestSummary> of(Image image) throws IOException {
        Map<Digest, Descriptor> manifests = new LinkedHashMap<>();
        Map<Digest, Image> here = new LinkedHashMap<>();
        for (ImageReference name : image.references()) {
            Optional<Image> named = store.find(name.toString());
            if (named.isPresent() && named.get().index() != null) {
                named.get().index().images().forEach(each -> manifests.putIfAbsent(each.digest(), each));
            }
            named.map(store::platforms)
                    .orElse(List.of())
                    .forEach(each -> here.put(each.manifest().digest(), each));
        }
        here.putIfAbsent(image.manifest().digest(), image);
        here.forEach((digest, each) -> manifests.putIfAbsent(
                digest, each.manifest().withPlatform(each.config().platform())));
        List<ManifestSummary> summaries = new ArrayList<>();
        for (Descriptor each : manifests.values()) {
            summaries.add(summary(each, here.get(each.digest())));
        }
        return summaries;
    }

    private ManifestSummary summary(Descriptor manifest, @Nullable Image image) throws IOException {
        Platform platform = manifest.platform();
        if (platform == null) {
            platform = image == null ? UNKNOWN : image.config().platform();
        }
        long content = image == null ? 0 : content(image);
        long unpacked = image == null ? 0 : image.size();
        List<String> containers = image == null
                ? List.of()
                : use.of(image.id()).stream().map(ImageUse.Using::containerId).toList();
        return new ManifestSummary(
                manifest.digest().toString(),
                manifest,
                image != null,
                new ManifestSummary.Size(content, content + unpacked),
                "image",
                new ManifestSummary.Content(platform, containers, new ManifestSummary.Unpacked(unpacked)));
    }

    private long content(Image image) throws IOException {
        Manifest manifest = store.manifest(image);
        return image.manifest().size()
                + manifest.config().size()
                + manifest.layers().stream().mapToLong(Descriptor::size).sum();
    }
}
