package dev.gantry.store;

import dev.gantry.oci.Digest;
import dev.gantry.oci.Json;
import dev.gantry.oci.MalformedException;
import dev.gantry.oci.image.Descriptor;
import dev.gantry.oci.image.Manifest;
import dev.gantry.oci.image.MediaType;
import dev.gantry.store.gzip.ParallelGzip;
import dev.gantry.store.tar.Compression;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.DigestInputStream;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;

/// An image on its way out of the store, to a registry. What it consists of stays until this is closed, whatever is
/// removed meanwhile.
///
/// An image that a registry has, or an index names, is sent as it is there. Layers of one that was made here may be
/// stored plain, or compressed in a way that not every client reads: they become gzip with [#layer], once.
/// [#manifest] then replaces the image's blobs by what was sent, so it is the same image here and there, and sent
/// the second time there is nothing to compress.
///
/// Thread-safe: layers may be asked for at the same time.
public final class Outgoing implements AutoCloseable {
    private static final int BUFFER = 256 << 10;

    private final StoreState state;
    private final Image image;
    private final Manifest stored;
    private final boolean known;
    private final Runnable collectGarbage;
    private final ConcurrentLinkedQueue<Runnable> unpins = new ConcurrentLinkedQueue<>();
    private volatile boolean leavesGarbage;

    /// With the store's lock held.
    Outgoing(StoreState state, Image image, Manifest stored, Runnable collectGarbage) {
        this.state = state;
        this.image = image;
        this.stored = stored;
        this.known = image.index() != null || !image.digests().isEmpty();
        this.collectGarbage = collectGarbage;
        List<Digest> content =
                new ArrayList<>(List.of(image.id(), image.manifest().digest()));
        stored.layers().forEach(layer -> content.add(layer.digest()));
        pin(content);
    }

    public Image image() {
        return image;
    }

    /// The configuration document.
    public Descriptor config() {
        return stored.config();
    }

    /// A layer's blob, counted from the bottom, in the form in which it is sent.
    ///
    /// @throws MalformedException if what is stored is not what its digest says
    public Descriptor layer(int number) throws IOException {
        Descriptor blob = stored.layers().get(number);
        if (known || isGzip(blob)) {
            return blob;
        }
        Digest diffId = image.config().rootfs().diffIds().get(number);
        try (Arrivals.Turn _ = state.arrivals.await(diffId)) {
            Optional<Descriptor> present = elsewhere(diffId);
            Descriptor compressed = present.isPresent() ? present.get() : compress(blob, diffId);
            return Descriptor.of(gzip(), compressed.digest(), compressed.size());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while layer " + diffId + " is compressed", e);
        }
    }

    private static boolean isGzip(Descriptor blob) {
        return blob.mediaType().equals(MediaType.OCI_LAYER_GZIP)
                || blob.mediaType().equals(MediaType.DOCKER_LAYER_GZIP);
    }

    /// Of the manifest's own family.
    private String gzip() {
        return stored.mediaType().equals(MediaType.DOCKER_MANIFEST)
                ? MediaType.DOCKER_LAYER_GZIP
                : MediaType.OCI_LAYER_GZIP;
    }

    /// The blob that another image has of the layer.
    private Optional<Descriptor> elsewhere(Digest diffId) {
        for (Image other : state.catalogue().list()) {
            int number = other.config().rootfs().diffIds().indexOf(diffId);
            if (number < 0) {
                continue;
            }
            List<Descriptor> blobs = blobs(other);
            if (number < blobs.size() && isGzip(blobs.get(number)) && keep(blobs.get(number))) {
                return Optional.of(blobs.get(number));
            }
        }
        return Optional.empty();
    }

    /// None if the image is damaged, which is nothing to fail for here.
    private List<Descriptor> blobs(Image other) {
        Manifest manifest = state.index.contents(other.manifest()).manifest();
        return manifest == null ? List.of() : manifest.layers();
    }

    private boolean keep(Descriptor blob) {
        state.changes.lock();
        try {
            pin(List.of(blob.digest()));
            return state.blobs.has(blob.digest());
        } finally {
            state.changes.unlock();
        }
    }

    private Descriptor compress(Descriptor blob, Digest diffId) throws IOException {
        Path work = state.temporary.directory();
        try {
            Path file = work.resolve("blob");
            Digest digest = compress(blob, diffId, file);
            Descriptor compressed = Descriptor.of(gzip(), digest, Files.size(file));
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                channel.force(true);
            }
            state.changes.lock();
            try {
                leavesGarbage = true;
                pin(List.of(digest));
                state.blobs.adopt(file, digest);
            } finally {
                state.changes.unlock();
            }
            return compressed;
        } finally {
            state.temporary.delete(work);
        }
    }

    private Digest compress(Descriptor blob, Digest diffId, Path file) throws IOException {
        MessageDigest plain = diffId.algorithm().newMessageDigest();
        MessageDigest compressed = Digest.Algorithm.SHA256.newMessageDigest();
        try (BufferedInputStream in = new BufferedInputStream(open(blob), BUFFER);
                OutputStream out = new DigestOutputStream(
                        new BufferedOutputStream(Files.newOutputStream(file), BUFFER), compressed)) {
            InputStream content = Compression.of(in).decompress(in);
            ParallelGzip.compress(new DigestInputStream(content, plain), out);
        }
        if (!diffId.algorithm().finish(plain).equals(diffId)) {
            throw new MalformedException("blob %s is damaged".formatted(blob.digest()));
        }
        return Digest.Algorithm.SHA256.finish(compressed);
    }

    /// Reads a blob of this image.
    public InputStream open(Descriptor blob) throws IOException {
        return state.blobs.open(blob.digest());
    }

    /// The manifest as it is sent, of the layers in the form in which they are sent.
    ///
    /// @param descriptor of the document
    @SuppressWarnings("ArrayRecordComponent") // handed over, not kept
    public record Document(Descriptor descriptor, byte[] content) {}

    /// The manifest of these layers, which all came from [#layer]. The image has it from now on.
    public Document manifest(List<Descriptor> layers) throws IOException {
        if (layers.equals(stored.layers())) {
            return new Document(
                    image.manifest(), state.blobs.read(image.manifest().digest()));
        }
        byte[] content = Json.write(new Manifest(
                stored.schemaVersion(),
                stored.mediaType(),
                stored.artifactType(),
                stored.config(),
                layers,
                stored.subject(),
                stored.annotations()));
        Descriptor descriptor = Descriptor.of(stored.mediaType(), content);
        state.changes.lock();
        try {
            leavesGarbage = true;
            pin(List.of(descriptor.digest()));
            Digest _ = state.blobs.put(content);
            Optional<Image> now =
                    state.catalogue().findManifest(image.manifest().digest(), null);
            if (now.isPresent()) {
                state.publish(state.catalogue().replacing(now.get(), descriptor));
            }
        } finally {
            state.changes.unlock();
        }
        return new Document(descriptor, content);
    }

    /// The paths of repositories of a registry that are known to have a blob: images with it came from there, or were
    /// sent there.
    public Set<String> repositoriesWith(Digest blob, String domain) {
        Set<String> paths = new HashSet<>();
        for (Image other : state.catalogue().list()) {
            List<String> there = other.digests().stream()
                    .filter(name -> name.domain().equals(domain))
                    .map(name -> name.path())
                    .toList();
            if (!there.isEmpty()
                    && blobs(other).stream().anyMatch(each -> each.digest().equals(blob))) {
                paths.addAll(there);
            }
        }
        return paths;
    }

    private void pin(Collection<Digest> content) {
        unpins.add(state.pins.add(content));
    }

    /// Lets go. Blobs that were replaced are freed.
    @Override
    public void close() {
        List<Runnable> all = new ArrayList<>(unpins);
        unpins.removeAll(all);
        all.forEach(Runnable::run);
        if (leavesGarbage || state.catalogue().find(image.id()).isEmpty()) {
            collectGarbage.run();
        }
    }
}
