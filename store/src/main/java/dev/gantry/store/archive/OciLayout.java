package dev.gantry.store.archive;

import dev.gantry.oci.Digest;
import dev.gantry.oci.ImageReference;
import dev.gantry.oci.MalformedException;
import dev.gantry.oci.Platform;
import dev.gantry.oci.image.Descriptor;
import dev.gantry.oci.image.Index;
import dev.gantry.oci.image.Manifest;
import dev.gantry.oci.image.ManifestOrIndex;
import dev.gantry.store.Image;
import dev.gantry.store.ImageIndex;
import dev.gantry.store.archive.ImageLoad.Loaded;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The images of an archive that is an OCI image layout, as Docker writes them since version 25, too.
record OciLayout(ArchivedImages images, List<Platform> platforms) {
    static final String FILE = "index.json";
    static final String REF_NAME = "org.opencontainers.image.ref.name";
    static final String CONTAINERD_NAME = "io.containerd.image.name";

    List<Loaded> load() throws IOException, InterruptedException {
        byte[] file = images.document(FILE).orElseThrow(() -> ArchivedImages.missing(FILE));
        if (!(ManifestOrIndex.parse(file, null) instanceof Index index)) {
            throw new MalformedException(FILE + " is no image index");
        }
        // one image with several names has an entry for each
        Map<Digest, Descriptor> entries = new LinkedHashMap<>();
        Map<Digest, List<ImageReference>> names = new LinkedHashMap<>();
        for (Descriptor each : index.manifests()) {
            entries.putIfAbsent(each.digest(), each);
            ImageReference name = name(each);
            List<ImageReference> all = names.computeIfAbsent(each.digest(), _ -> new ArrayList<>());
            if (name != null) {
                all.add(name);
            }
        }
        List<Loaded> loaded = new ArrayList<>();
        for (Descriptor each : entries.values()) {
            load(each, names.getOrDefault(each.digest(), List.of()), loaded);
        }
        if (loaded.isEmpty()) {
            throw new MalformedException("archive has no image%s"
                    .formatted(platforms.isEmpty() ? "" : " for the platform " + platforms.getFirst()));
        }
        return loaded;
    }

    /// A tag alone, which many tools write, names no repository.
    private static @Nullable ImageReference name(Descriptor entry) throws MalformedException {
        String full = entry.annotations().getOrDefault(CONTAINERD_NAME, "");
        String text = full.isEmpty() ? entry.annotations().getOrDefault(REF_NAME, "") : full;
        if (text.isEmpty() || (full.isEmpty() && text.indexOf(':') < 0 && text.indexOf('/') < 0)) {
            return null;
        }
        ImageReference name = ImageReference.parse(text);
        return name.digest() == null ? name.withDefaultTag() : null;
    }

    private void load(Descriptor entry, List<ImageReference> names, List<Loaded> loaded)
            throws IOException, InterruptedException {
        byte[] document =
                images.document(entry).orElseThrow(() -> ArchivedImages.missing(Members.name(entry.digest())));
        switch (ManifestOrIndex.parse(document, entry.mediaType())) {
            case Manifest manifest -> {
                if (isWanted(entry.withPlatform(images.platform(manifest)))) {
                    loaded.add(new Loaded(images.commit(null, entry.mediaType(), document, manifest, names), names));
                }
            }
            case Index _ -> {
                ImageIndex index = images.ingest().index(entry.mediaType(), document);
                Image last = null;
                for (Descriptor each : hostLast(index.images())) {
                    last = isWanted(each) ? load(index, each, names, last) : last;
                }
                if (last != null) {
                    loaded.add(new Loaded(last, names));
                }
            }
        }
    }

    /// The name will mean the last one.
    private static List<Descriptor> hostLast(List<Descriptor> manifests) {
        Platform host = Platform.host();
        return manifests.stream()
                .sorted(Comparator.comparing(each -> each.platform() != null && host.matches(each.platform())))
                .toList();
    }

    private boolean isWanted(Descriptor manifest) {
        Platform platform = manifest.platform();
        return platforms.isEmpty()
                || platform == null
                || platforms.stream().anyMatch(wanted -> wanted.matches(platform));
    }

    /// A platform's image, if the archive has it: an index may have more than was saved with it.
    private @Nullable Image load(
            ImageIndex index, Descriptor entry, List<ImageReference> names, @Nullable Image otherwise)
            throws IOException, InterruptedException {
        var document = images.document(entry);
        if (document.isEmpty()) {
            return otherwise;
        }
        if (!(ManifestOrIndex.parse(document.get(), entry.mediaType()) instanceof Manifest manifest)) {
            throw new MalformedException("an index in an index: " + entry.digest());
        }
        return images.commit(index, entry.mediaType(), document.get(), manifest, names);
    }
}
