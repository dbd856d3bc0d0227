package dev.gantry.store.archive;

import dev.gantry.oci.Digest;
import dev.gantry.oci.ImageReference;
import dev.gantry.oci.Json;
import dev.gantry.oci.MalformedException;
import dev.gantry.oci.image.Descriptor;
import dev.gantry.oci.image.Index;
import dev.gantry.oci.image.Manifest;
import dev.gantry.oci.image.ManifestOrIndex;
import dev.gantry.oci.image.MediaType;
import dev.gantry.store.ContentLease;
import dev.gantry.store.Image;
import dev.gantry.store.ImageIndex;
import dev.gantry.store.ImageStore;
import dev.gantry.store.tar.Compression;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// An archive of images that can be written: an OCI image layout that is Docker's format, too. Layers are written as
/// they
/// are stored; documents come first, so that a reader knows each layer before it comes.
///
/// What it needs stays in the store until it is closed.
public final class ImageSave implements AutoCloseable {
    private static final byte[] LAYOUT = "{\"imageLayoutVersion\":\"1.0.0\"}".getBytes(StandardCharsets.US_ASCII);
    private static final String REPOSITORIES = "repositories";
    private static final int BUFFER = 256 << 10;

    private final ContentLease content;
    private final List<Descriptor> entries = new ArrayList<>();
    private final List<DockerImage> dockerImages = new ArrayList<>();
    private final Map<String, Map<String, String>> repositories = new TreeMap<>();
    private final Map<Digest, byte[]> documents = new LinkedHashMap<>();
    private final Map<Digest, Long> layers = new LinkedHashMap<>();
    /// Layers that dockerd 20.10 could not decompress: those are there once more, plain, by their diff IDs.
    private final Map<Digest, Digest> plain = new LinkedHashMap<>();

    private ImageSave(ContentLease content) {
        this.content = content;
    }

    /// An image to be saved, with the names that the archive gives it. Of an index, every platform that is here is
    /// saved.
    public record Selected(Image image, List<ImageReference> names) {
        public Selected {
            names = List.copyOf(names);
        }
    }

    /// Reads the images' documents.
    ///
    /// @throws java.util.NoSuchElementException if one is not there any more
    public static ImageSave of(ImageStore store, List<Selected> images) throws IOException {
        Set<Image> all = new LinkedHashSet<>();
        images.forEach(each -> all.addAll(store.platforms(each.image())));
        ImageSave save = new ImageSave(store.leaseContent(all));
        boolean complete = false;
        try {
            for (Selected each : images) {
                save.add(each, store.platforms(each.image()));
            }
            complete = true;
            return save;
        } finally {
            if (!complete) {
                save.close();
            }
        }
    }

    private void add(Selected selected, List<Image> platforms) throws IOException {
        Image image = selected.image();
        ImageIndex index = image.index();
        if (index != null) {
            document(index.descriptor());
        }
        for (Image each : platforms) {
            Manifest manifest = manifest(each);
            document(manifest.config());
            manifest.layers().forEach(layer -> layers.put(layer.digest(), layer.size()));
        }
        Descriptor target =
                index == null ? image.manifest().withPlatform(image.config().platform()) : index.descriptor();
        if (selected.names().isEmpty()) {
            entries.add(target);
        }
        selected.names().forEach(name -> entries.add(target.withAnnotations(annotations(name))));
        addForDocker(selected);
    }

    private static Map<String, String> annotations(ImageReference name) {
        Map<String, String> annotations = new TreeMap<>();
        annotations.put(OciLayout.CONTAINERD_NAME, name.toString());
        annotations.put(OciLayout.REF_NAME, String.valueOf(name.tag()));
        return annotations;
    }

    private byte[] document(Descriptor descriptor) throws IOException {
        byte[] document = content.document(descriptor.digest());
        documents.put(descriptor.digest(), document);
        return document;
    }

    private Manifest manifest(Image image) throws IOException {
        byte[] document = document(image.manifest());
        if (!(ManifestOrIndex.parse(document, image.manifest().mediaType()) instanceof Manifest manifest)) {
            throw new MalformedException(
                    "%s is no image manifest".formatted(image.manifest().digest()));
        }
        return manifest;
    }

    private void addForDocker(Selected selected) throws IOException {
        Manifest manifest = manifest(selected.image());
        List<Digest> diffIds = selected.image().config().rootfs().diffIds();
        List<String> files = new ArrayList<>();
        for (int i = 0; i < diffIds.size(); i++) {
            Descriptor layer = manifest.layers().get(i);
            boolean zstd = layer.mediaType().equals(MediaType.OCI_LAYER_ZSTD)
                    || layer.mediaType().equals(MediaType.DOCKER_LAYER_ZSTD);
            if (zstd) {
                plain.put(diffIds.get(i), layer.digest());
            }
            files.add(Members.name(zstd ? diffIds.get(i) : layer.digest()));
        }
        List<String> tags =
                selected.names().stream().map(ImageReference::familiar).toList();
        dockerImages.add(
                new DockerImage(Members.name(manifest.imageId()), tags.isEmpty() ? null : tags, List.copyOf(files)));
        for (ImageReference name : selected.names()) {
            String top = diffIds.isEmpty()
                    ? manifest.imageId().hex()
                    : diffIds.getLast().hex();
            repositories
                    .computeIfAbsent(name.familiarName(), _ -> new TreeMap<>())
                    .put(String.valueOf(name.tag()), top);
        }
    }

    /// Writes the archive; the stream stays open.
    public void writeTo(OutputStream out) throws IOException {
        BufferedOutputStream buffered = new BufferedOutputStream(out, BUFFER);
        MemberWriter tar = new MemberWriter(buffered);
        tar.file("oci-layout", LAYOUT);
        tar.file(OciLayout.FILE, Json.write(Index.of(entries)));
        tar.file(DockerImage.FILE, Json.write(dockerImages));
        if (!repositories.isEmpty()) {
            tar.file(REPOSITORIES, Json.write(repositories));
        }
        tar.directory("blobs");
        for (Digest.Algorithm algorithm : Digest.Algorithm.values()) {
            if (hasBlobs(algorithm)) {
                tar.directory("blobs/" + algorithm.label());
            }
        }
        for (Map.Entry<Digest, byte[]> each : documents.entrySet()) {
            tar.file(Members.name(each.getKey()), each.getValue());
        }
        for (Map.Entry<Digest, Long> each : layers.entrySet()) {
            try (InputStream blob = content.open(each.getKey())) {
                tar.file(Members.name(each.getKey()), each.getValue(), blob);
            }
        }
        for (Map.Entry<Digest, Digest> each : plain.entrySet()) {
            if (!layers.containsKey(each.getKey())) {
                writePlain(tar, each.getKey(), each.getValue());
            }
        }
        tar.end();
    }

    private boolean hasBlobs(Digest.Algorithm algorithm) {
        return documents.keySet().stream().anyMatch(digest -> digest.algorithm() == algorithm)
                || layers.keySet().stream().anyMatch(digest -> digest.algorithm() == algorithm);
    }

    /// Decompresses twice: the size comes before the content.
    private void writePlain(MemberWriter tar, Digest diffId, Digest blob) throws IOException {
        long size;
        try (InputStream first = decompressed(blob)) {
            size = first.transferTo(OutputStream.nullOutputStream());
        }
        try (InputStream second = decompressed(blob)) {
            tar.file(Members.name(diffId), size, second);
        }
    }

    private InputStream decompressed(Digest blob) throws IOException {
        BufferedInputStream raw = new BufferedInputStream(content.open(blob), BUFFER);
        return Compression.of(raw).decompress(raw);
    }

    @Override
    public void close() {
        content.close();
    }
}
