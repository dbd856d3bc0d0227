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
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The `index.json` of the image layout: one descriptor for each name of an image, one without name for a dangling
/// image.
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
    private static final String PARENT = "dev.gantry.image.parent";
    private static final byte[] LAYOUT = "{\"imageLayoutVersion\":\"1.0.0\"}".getBytes(StandardCharsets.US_ASCII);

    private final Path file;
    private final TemporaryFiles temporary;
    private final Blobs blobs;
    private final Layers layers;

    LayoutIndex(Path content, TemporaryFiles temporary, Blobs blobs, Layers layers) throws IOException {
        file = content.resolve("index.json");
        this.temporary = temporary;
        this.blobs = blobs;
        this.layers = layers;
        Path marker = content.resolve("oci-layout");
        if (!Files.exists(marker)) {
            Durable.replace(marker, temporary.file(), LAYOUT);
        }
        if (!Files.exists(file)) {
            write(Catalogue.EMPTY);
        }
    }

    void write(Catalogue catalogue) throws IOException {
        List<Descriptor> descriptors = new ArrayList<>();
        for (Image image : catalogue.list().reversed()) {
            if (image.references().isEmpty()) {
                descriptors.add(describe(image, null));
            }
            for (ImageReference reference : image.references()) {
                descriptors.add(describe(image, reference));
            }
        }
        descriptors.addAll(catalogue.unreadable());
        Durable.replace(file, temporary.file(), Json.write(Index.of(descriptors)));
    }

    private static Descriptor describe(Image image, @Nullable ImageReference reference) {
        Map<String, String> annotations = new TreeMap<>();
        annotations.put(STORED, image.stored().toString());
        if (image.parent() != null) {
            annotations.put(PARENT, image.parent().toString());
        }
        if (reference != null) {
            annotations.put(OCI_NAME, reference.toString());
            annotations.put(CONTAINERD_NAME, reference.toString());
        }
        return image.manifest()
                .withAnnotations(annotations)
                .withPlatform(image.config().platform());
    }

    /// Reads the file. An image whose content is not whole is left out, with a warning; its entry and its content stay.
    Catalogue read() throws IOException {
        ManifestOrIndex document = ManifestOrIndex.parse(Files.readAllBytes(file), null);
        if (!(document instanceof Index index)) {
            throw new MalformedException(file + " is no image index");
        }
        Map<Digest, Image> byManifest = new LinkedHashMap<>();
        Catalogue catalogue = Catalogue.EMPTY;
        for (Descriptor descriptor : index.manifests()) {
            try {
                Image image = byManifest.get(descriptor.digest());
                if (image == null) {
                    image = load(descriptor);
                    byManifest.put(descriptor.digest(), image);
                }
                catalogue = catalogue.with(image, reference(descriptor));
            } catch (IOException e) {
                LOGGER.log(
                        System.Logger.Level.WARNING,
                        "image of manifest {0} is left out: {1}",
                        descriptor.digest(),
                        e.getMessage());
                catalogue = catalogue.withUnreadable(descriptor);
            }
        }
        return catalogue;
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
        return catalogue.withoutUnreadable(entry).with(load(entry), reference(entry));
    }

    /// Why the image of an entry cannot be used; empty if it can.
    String problem(Descriptor entry) {
        try {
            Image _ = load(entry);
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
            if (ManifestOrIndex.parse(blobs.read(entry.digest()), entry.mediaType()) instanceof Manifest read) {
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
        ManifestOrIndex document = ManifestOrIndex.parse(blobs.read(descriptor.digest()), descriptor.mediaType());
        if (!(document instanceof Manifest manifest)) {
            throw new MalformedException("%s is no image manifest".formatted(descriptor.digest()));
        }
        ImageConfig config = ImageConfig.parse(blobs.read(manifest.imageId()));
        String parent = descriptor.annotations().get(PARENT);
        Descriptor plain = Descriptor.of(descriptor.mediaType(), descriptor.digest(), descriptor.size());
        return new Image(
                manifest.imageId(),
                config,
                plain,
                List.of(),
                layersOf(config),
                parent == null ? null : Digest.parse(parent),
                stored(descriptor));
    }

    private static Instant stored(Descriptor descriptor) throws MalformedException {
        String text = descriptor.annotations().getOrDefault(STORED, Instant.EPOCH.toString());
        try {
            return Instant.parse(text);
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
