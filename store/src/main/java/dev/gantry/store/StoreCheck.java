package dev.gantry.store;

import dev.gantry.oci.Digest;
import dev.gantry.oci.image.Descriptor;
import dev.gantry.oci.image.ImageConfig;
import dev.gantry.oci.image.Manifest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/// One look at names, documents, blobs and layers, under the lock that orders their changes.
final class StoreCheck {
    private final Blobs blobs;
    private final Layers layers;
    private final LayoutIndex index;
    private final TemporaryFiles temporary;
    private final Set<StoreDamage> broken = new LinkedHashSet<>();
    private final List<StoreDamage> unreadable = new ArrayList<>();
    private final Set<Digest> needed = new HashSet<>();
    /// Whether every document could be read: else what is needed is not known.
    private boolean complete = true;

    StoreCheck(Blobs blobs, Layers layers, LayoutIndex index, TemporaryFiles temporary) {
        this.blobs = blobs;
        this.layers = layers;
        this.index = index;
        this.temporary = temporary;
    }

    /// @param pinned what leases need
    StoreReport run(Catalogue catalogue, Set<Digest> pinned) throws IOException {
        needed.addAll(pinned);
        for (Descriptor each : catalogue.unreadable()) {
            unreadable(catalogue, each);
        }
        for (Image each : catalogue.images().values()) {
            image(each);
        }
        for (Catalogue.Target each : catalogue.names().values()) {
            index(each, Objects.requireNonNull(catalogue.images().get(each.manifest())));
        }
        List<StoreDamage> damages = new ArrayList<>();
        temporary.leftovers().forEach(file -> damages.add(new StoreDamage.LeftoverFile(file)));
        damages.addAll(broken);
        damages.addAll(unreadable);
        garbage(damages);
        for (Path each : layers.strangers()) {
            damages.add(new StoreDamage.StrangeFile(each));
        }
        for (Path each : blobs.strangers()) {
            damages.add(new StoreDamage.StrangeFile(each));
        }
        int images = catalogue.images().size() + catalogue.unreadable().size();
        return new StoreReport(
                damages, images, layers.list().size(), blobs.list().size());
    }

    private void unreadable(Catalogue catalogue, Descriptor entry) {
        LayoutIndex.Contents contents = index.contents(entry);
        needed.addAll(contents.digests());
        Manifest manifest = contents.manifest();
        String why = index.problem(catalogue, entry);
        unreadable.add(new StoreDamage.UnreadableImage(
                LayoutIndex.name(entry), entry.digest(), manifest == null ? null : manifest.imageId(), why));
        ImageConfig config = contents.config();
        if (manifest != null && config != null) {
            layers(manifest, config);
        }
    }

    private void image(Image image) {
        LayoutIndex.Contents contents = index.contents(image.manifest());
        needed.addAll(contents.digests());
        needed.add(image.id());
        needed.addAll(image.config().rootfs().diffIds());
        Manifest manifest = contents.manifest();
        if (manifest == null) {
            complete = false;
            broken.add(new StoreDamage.BrokenBlob(
                    image.manifest().digest(), image.id(), "the manifest is missing or damaged"));
            return;
        }
        if (contents.config() == null) {
            broken.add(new StoreDamage.BrokenBlob(image.id(), image.id(), "the configuration is missing or damaged"));
        }
        for (Descriptor each : manifest.layers()) {
            if (!isWhole(each)) {
                String why = blobs.has(each.digest()) ? "has another size than its image says" : "is missing";
                broken.add(new StoreDamage.BrokenBlob(each.digest(), image.id(), why));
            }
        }
        layers(manifest, image.config());
    }

    private void index(Catalogue.Target target, Image image) {
        if (target.index() != null) {
            Descriptor document = target.index().descriptor();
            needed.add(document.digest());
            if (!isWhole(document)) {
                broken.add(
                        new StoreDamage.BrokenBlob(document.digest(), image.id(), "the index is missing or damaged"));
            }
        }
    }

    private void layers(Manifest manifest, ImageConfig config) {
        List<Digest> diffIds = config.rootfs().diffIds();
        for (int i = 0; i < diffIds.size(); i++) {
            String problem = layers.problem(diffIds.get(i));
            if (!problem.isEmpty()) {
                boolean restorable = i < manifest.layers().size()
                        && isWhole(manifest.layers().get(i));
                broken.add(new StoreDamage.BrokenLayer(diffIds.get(i), problem, restorable));
            }
        }
    }

    private boolean isWhole(Descriptor blob) {
        try {
            return blobs.has(blob.digest()) && Files.size(blobs.path(blob.digest())) == blob.size();
        } catch (IOException _) {
            return false;
        }
    }

    private void garbage(List<StoreDamage> damages) throws IOException {
        for (Digest each : layers.list()) {
            if (!needed.contains(each)) {
                damages.add(new StoreDamage.UnneededLayer(each));
            }
        }
        for (Digest each : blobs.list()) {
            if (complete && !needed.contains(each)) {
                damages.add(new StoreDamage.UnneededBlob(each));
            }
        }
    }
}
