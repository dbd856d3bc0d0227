package dev.gantry.store;

import dev.gantry.oci.Digest;
import dev.gantry.oci.ImageReference;
import dev.gantry.oci.Json;
import dev.gantry.oci.MalformedException;
import dev.gantry.oci.image.Descriptor;
import dev.gantry.oci.image.ImageConfig;
import dev.gantry.oci.image.Index;
import dev.gantry.oci.image.Manifest;
import dev.gantry.oci.image.ManifestOrIndex;
import dev.gantry.oci.image.MediaType;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The `index.json` of the image layout: one descriptor for each name, of a manifest or of an index, and one without
/// name for each manifest that no name leads to directly: those of an index's platforms that are here, and those of
/// dangling images.
///
/// The annotations are written here and nowhere else; annotations of manifests that come from elsewhere never get
/// into this file, so no image can set them.
final class LayoutIndex {
    private static final System.Logger LOGGER = System.getLogger(LayoutIndex.class.getName());

    /// Names as OCI tools look for them.
    private static final String OCI_NAME = "org.opencontainers.image.ref.name";

    /// Names as containerd looks for them.
    private static final String CONTAINERD_NAME = "io.containerd.image.name";

    private static final String STORED = "dev.gantry.image.stored";
    private static final String TAGGED = "dev.gantry.image.tagged";
    private static final String PARENT = "dev.gantry.image.parent";
    /// Of an index: the manifest of the platform that its name means.
    private static final String CHOSEN = "dev.gantry.image.manifest";
    private static final byte[] LAYOUT = "{\"imageLayoutVersion\":\"1.0.0\"}".getBytes(StandardCharsets.US_ASCII);

    private final Path file;
    private final Blobs blobs;
    private final Layers layers;

    LayoutIndex(Path content, TemporaryFiles temporary, Blobs blobs, Layers layers) throws IOException {
        file = content.resolve("index.json");
        this.blobs = blobs;
        this.layers = layers;
        Path marker = content.resolve("oci-layout");
        if (!Files.exists(marker)) {
            Durable.replace(marker, temporary.file(), LAYOUT);
        }
        if (!Files.exists(file)) {
            long _ = write(Catalogue.EMPTY, temporary.file());
        }
    }

    /// Replaces the file.
    ///
    /// @param unfinished where it is written first
    /// @return its size
    long write(Catalogue catalogue, Path unfinished) throws IOException {
        Map<Digest, List<Descriptor>> named = new HashMap<>();
        List<Descriptor> indexes = new ArrayList<>();
        catalogue.names().entrySet().stream()
                .sorted(Comparator.comparing(entry -> entry.getKey().toString()))
                .forEach(entry -> {
                    Catalogue.Target target = entry.getValue();
                    Image image = Objects.requireNonNull(catalogue.images().get(target.manifest()));
                    if (target.index() == null) {
                        named.computeIfAbsent(target.manifest(), _ -> new ArrayList<>())
                                .add(describe(image, entry.getKey()));
                    } else {
                        indexes.add(describe(target.index(), image, entry.getKey()));
                    }
                });
        List<Descriptor> descriptors = new ArrayList<>();
        catalogue.images().values().stream()
                .sorted(Catalogue.OLDEST_FIRST)
                .forEach(image -> descriptors.addAll(
                        named.getOrDefault(image.manifest().digest(), List.of(describe(image, null)))));
        descriptors.addAll(indexes);
        descriptors.addAll(catalogue.unreadable());
        byte[] document = Json.write(Index.of(descriptors));
        Durable.replace(file, unfinished, document);
        return document.length;
    }

    /// The bytes of the file.
    long size() throws IOException {
        return Files.size(file);
    }

    private static Descriptor describe(Image image, @Nullable ImageReference reference) {
        return image.manifest()
                .withAnnotations(annotations(image, reference))
                .withPlatform(image.config().platform());
    }

    private static Descriptor describe(ImageIndex index, Image chosen, ImageReference reference) {
        Map<String, String> annotations = annotations(chosen, reference);
        annotations.put(CHOSEN, chosen.manifest().digest().toString());
        return index.descriptor().withAnnotations(annotations);
    }

    private static Map<String, String> annotations(Image image, @Nullable ImageReference reference) {
        Map<String, String> annotations = new TreeMap<>();
        annotations.put(STORED, image.stored().toString());
        if (image.tagged() != null) {
            annotations.put(TAGGED, image.tagged().toString());
        }
        if (image.parent() != null) {
            annotations.put(PARENT, image.parent().toString());
        }
        if (reference != null) {
            annotations.put(OCI_NAME, reference.toString());
            annotations.put(CONTAINERD_NAME, reference.toString());
        }
        return annotations;
    }

    /// Reads the file. An image whose content is not whole is left out, with a warning; its entry and its content stay.
    Catalogue read() throws IOException {
        ManifestOrIndex document;
        try {
            document = ManifestOrIndex.parse(Files.readAllBytes(file), null);
        } catch (MalformedException e) {
            throw new MalformedException(file + ": " + e.getMessage(), e);
        }
        if (!(document instanceof Index index)) {
            throw new MalformedException(file + " is no image index");
        }
        List<Descriptor> entries = new ArrayList<>(index.manifests());
        // a name of an index means one of the manifests, which come first
        entries.sort(Comparator.comparing(entry -> MediaType.isIndex(entry.mediaType())));
        Catalogue.Draft catalogue = Catalogue.EMPTY.draft();
        for (Descriptor descriptor : entries) {
            try {
                readEntry(catalogue, descriptor);
            } catch (IOException e) {
                LOGGER.log(
                        System.Logger.Level.WARNING,
                        "image of manifest {0} is left out: {1}",
                        descriptor.digest(),
                        e.getMessage());
                catalogue.addUnreadable(descriptor);
            }
        }
        return catalogue.finished().settled();
    }

    private void readEntry(Catalogue.Draft catalogue, Descriptor entry) throws IOException {
        if (MediaType.isIndex(entry.mediaType())) {
            catalogue.add(chosen(catalogue.images(), entry), reference(entry));
        } else {
            Image known = catalogue.images().get(entry.digest());
            catalogue.add(known == null ? load(entry) : known, reference(entry));
        }
    }

    /// The image that the name of an index means.
    private Image chosen(Map<Digest, Image> images, Descriptor entry) throws IOException {
        if (!(document(entry) instanceof Index document)) {
            throw new MalformedException("%s is no image index".formatted(entry.digest()));
        }
        ImageIndex index = new ImageIndex(plain(entry), document);
        String recorded = entry.annotations().get(CHOSEN);
        Image image = recorded == null ? null : images.get(Digest.parse(recorded));
        if (image == null) {
            image = Catalogue.choose(index, images)
                    .map(images::get)
                    .orElseThrow(() -> new IOException("no image of index %s can be used".formatted(entry.digest())));
        }
        return image.with(index, Image.Names.NONE);
    }

    /// The name of an entry as it is written; empty for none.
    static String name(Descriptor entry) {
        return entry.annotations().getOrDefault(OCI_NAME, "");
    }

    private static @Nullable ImageReference reference(Descriptor entry) throws MalformedException {
        String name = name(entry);
        return name.isEmpty() ? null : ImageReference.parse(name);
    }

    /// The catalogue with the image of an entry that was not readable before.
    ///
    /// @throws IOException if it still is not
    Catalogue readAgain(Catalogue catalogue, Descriptor entry) throws IOException {
        Catalogue.Draft changed = catalogue.withoutUnreadable(entry).draft();
        readEntry(changed, entry);
        return changed.finished();
    }

    /// Why the image of an entry cannot be used; empty if it can.
    String problem(Catalogue catalogue, Descriptor entry) {
        try {
            readEntry(catalogue.draft(), entry);
            return "";
        } catch (NoSuchFileException e) {
            return "missing: " + e.getMessage();
        } catch (IOException e) {
            return String.valueOf(e.getMessage());
        }
    }

    /// What an image consists of, as far as its documents are there and whole.
    ///
    /// @param digests of the entry, its documents, blobs and layers
    record Contents(@Nullable Manifest manifest, @Nullable ImageConfig config, Set<Digest> digests) {}

    Contents contents(Descriptor entry) {
        Set<Digest> digests = new HashSet<>(Set.of(entry.digest()));
        Manifest manifest = null;
        try {
            if (document(entry) instanceof Manifest read) {
                manifest = read;
                digests.add(read.imageId());
                read.layers().forEach(layer -> digests.add(layer.digest()));
                ImageConfig config = ImageConfig.parse(blobs.read(read.imageId()));
                digests.addAll(config.rootfs().diffIds());
                return new Contents(manifest, config, digests);
            }
        } catch (IOException _) {
            // as far as it goes
        }
        return new Contents(manifest, null, digests);
    }

    private Image load(Descriptor descriptor) throws IOException {
        if (!(document(descriptor) instanceof Manifest manifest)) {
            throw new MalformedException("%s is no image manifest".formatted(descriptor.digest()));
        }
        ImageConfig config = ImageConfig.parse(blobs.read(manifest.imageId()));
        String parent = descriptor.annotations().get(PARENT);
        return new Image(
                manifest.imageId(),
                config,
                plain(descriptor),
                null,
                Image.Names.NONE,
                layersOf(config),
                parent == null ? null : Digest.parse(parent),
                Objects.requireNonNullElse(time(descriptor, STORED), Instant.EPOCH),
                time(descriptor, TAGGED));
    }

    private ManifestOrIndex document(Descriptor entry) throws IOException {
        return ManifestOrIndex.parse(blobs.read(entry.digest()), entry.mediaType());
    }

    private static Descriptor plain(Descriptor entry) {
        return Descriptor.of(entry.mediaType(), entry.digest(), entry.size());
    }

    private static @Nullable Instant time(Descriptor descriptor, String annotation) throws MalformedException {
        String text = descriptor.annotations().get(annotation);
        try {
            return text == null ? null : Instant.parse(text);
        } catch (DateTimeException e) {
            throw new MalformedException("index has the time \"%s\"".formatted(text), e);
        }
    }

    /// The unpacked layers of a configuration, bottom first.
    List<Layer> layersOf(ImageConfig config) throws IOException {
        List<Layer> found = new ArrayList<>();
        for (Digest diffId : config.rootfs().diffIds()) {
            found.add(layers.find(diffId)
                    .orElseThrow(() -> new IOException("layer %s is not unpacked".formatted(diffId))));
        }
        return found;
    }
}
