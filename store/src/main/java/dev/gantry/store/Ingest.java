package dev.gantry.store;

import dev.gantry.oci.Digest;
import dev.gantry.oci.ImageReference;
import dev.gantry.oci.MalformedException;
import dev.gantry.oci.image.Descriptor;
import dev.gantry.oci.image.ImageConfig;
import dev.gantry.oci.image.Index;
import dev.gantry.oci.image.Manifest;
import dev.gantry.oci.image.ManifestOrIndex;
import dev.gantry.oci.image.MediaType;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/// An image on its way into the store, document by document and layer by layer, from a registry or an archive. What has
/// arrived stays, whatever garbage is collected meanwhile, until this is closed; what was not committed by then is
/// deleted.
///
/// Thread-safe: layers of one image may arrive at the same time, and the same layer for two images: it is read once.
public final class Ingest implements AutoCloseable {
    private static final System.Logger LOGGER = System.getLogger(Ingest.class.getName());

    private final StoreState state;
    private final ConcurrentLinkedQueue<Runnable> unpins = new ConcurrentLinkedQueue<>();

    /// Whether all that has arrived belongs to images.
    private volatile boolean complete = true;

    Ingest(StoreState state) {
        this.state = state;
    }

    /// Where the content of a layer comes from.
    @FunctionalInterface
    public interface Source {
        /// A new stream of the blob, from its beginning.
        InputStream open() throws IOException;
    }

    /// Whether a layer is here already, with its blob. From now on it stays.
    public boolean hasLayer(Descriptor blob, Digest diffId) throws IOException {
        state.changes.lock();
        try {
            pin(blob.digest(), diffId);
            return state.blobs.has(blob.digest()) && state.layers.find(diffId).isPresent();
        } finally {
            state.changes.unlock();
        }
    }

    /// Takes in a layer in one pass: what is read is compared with its descriptor, decompressed, compared
    /// with its diff ID, and unpacked. While somebody else takes in the same layer, this waits, and then opens
    /// nothing, unless the other one has failed.
    ///
    /// @throws MalformedException if it is not what its digests say, or no layer that can be unpacked
    public void layer(Descriptor blob, Digest diffId, Source source) throws IOException, InterruptedException {
        if (!MediaType.isLayer(blob.mediaType())) {
            throw new MalformedException(
                    "layer %s: unsupported media type \"%s\"".formatted(blob.digest(), blob.mediaType()));
        }
        try (Arrivals.Turn _ = state.arrivals.await(diffId)) {
            if (!hasLayer(blob, diffId)) {
                receive(blob, diffId, source);
            }
        }
    }

    private void receive(Descriptor blob, Digest diffId, Source source) throws IOException {
        try (InputStream content = source.open()) {
            Layer _ = state.receive(
                    content,
                    blob.digest().algorithm(),
                    diffId.algorithm(),
                    layer -> {
                        requireEqual("blob", blob.digest(), layer.descriptor().digest());
                        requireEqual("layer", diffId, layer.diffId());
                    },
                    state::adopt);
        }
    }

    /// A layer that has arrived, and how.
    public record Arrived(Descriptor blob, Digest diffId) {}

    /// Takes in a layer of which nobody knows what it is to be, as from the middle of an archive: the caller compares
    /// afterwards. The stream is read to its end and not closed.
    ///
    /// @throws MalformedException if it is no layer that can be unpacked
    public Arrived layer(InputStream content) throws IOException {
        return state.receive(content, layer -> {
            pin(layer.descriptor().digest(), layer.diffId());
            Layer _ = state.adopt(layer);
            return new Arrived(layer.descriptor(), layer.diffId());
        });
    }

    /// Whether a blob is here already. From now on it stays.
    public boolean hasBlob(Digest digest) {
        state.changes.lock();
        try {
            pin(digest);
            return state.blobs.has(digest);
        } finally {
            state.changes.unlock();
        }
    }

    /// The blob of an unpacked layer that some image has already. From now on both stay.
    public Optional<Descriptor> blobOf(Digest diffId) throws IOException {
        state.changes.lock();
        try {
            for (Image image : state.catalogue().images().values()) {
                int position = image.config().rootfs().diffIds().indexOf(diffId);
                if (position >= 0 && state.layers.find(diffId).isPresent()) {
                    Descriptor blob = state.manifest(image).layers().get(position);
                    pin(blob.digest(), diffId);
                    return state.blobs.has(blob.digest()) ? Optional.of(blob) : Optional.empty();
                }
            }
            return Optional.empty();
        } finally {
            state.changes.unlock();
        }
    }

    /// A document that [#hasBlob] has found, compared with its digest.
    public byte[] document(Digest digest) throws IOException {
        return state.blobs.read(digest);
    }

    /// A blob that [#hasBlob] has found.
    public InputStream open(Digest digest) throws IOException {
        return state.blobs.open(digest);
    }

    private static void requireEqual(String what, Digest wanted, Digest got) throws MalformedException {
        if (!wanted.equals(got)) {
            throw new MalformedException("%s %s: got content with digest %s".formatted(what, wanted, got));
        }
    }

    /// Keeps the document of an index that one of the images to come is in.
    ///
    /// @throws MalformedException if it is none
    public ImageIndex index(String mediaType, byte[] document) throws IOException {
        if (!(ManifestOrIndex.parse(document, mediaType) instanceof Index parsed)) {
            throw new MalformedException("%s is no image index".formatted(Digest.of(document)));
        }
        Descriptor descriptor = Descriptor.of(mediaType, document);
        state.changes.lock();
        try {
            pin(descriptor.digest());
            Digest _ = state.blobs.put(document);
        } finally {
            state.changes.unlock();
        }
        return new ImageIndex(descriptor, parsed);
    }

    /// Makes an image of documents whose layers have all arrived, and gives it names; a name in use moves to it.
    ///
    /// @param manifest the document, of this media type
    /// @param names with a tag or a digest
    /// @throws MalformedException if the documents do not belong together
    public Image commit(String mediaType, byte[] manifest, byte[] config, List<ImageReference> names)
            throws IOException {
        return commit(new Documents(mediaType, manifest, config, null), names);
    }

    /// The same for an image of an index: the names lead to the index and mean this image. Images of other platforms
    /// that are here belong to the names, too.
    public Image commit(ImageIndex index, String mediaType, byte[] manifest, byte[] config, List<ImageReference> names)
            throws IOException {
        if (!index.has(Digest.of(manifest))) {
            throw new MalformedException(
                    "index %s has no manifest %s".formatted(index.descriptor().digest(), Digest.of(manifest)));
        }
        return commit(new Documents(mediaType, manifest, config, index), names);
    }

    private Image commit(Documents documents, List<ImageReference> names) throws IOException {
        ImageConfig configuration = documents.checked();
        state.changes.lock();
        try {
            List<Layer> layers = state.index.layersOf(configuration);
            Digest id = state.blobs.put(documents.config);
            Digest _ = state.blobs.put(documents.manifest);
            Descriptor descriptor = Descriptor.of(documents.mediaType, documents.manifest);
            Image image = state.commit(Image.arrived(id, configuration, descriptor, documents.index, layers), names);
            complete = true;
            return image;
        } finally {
            state.changes.unlock();
        }
    }

    /// What an image is made of, beside its layers.
    private static final class Documents {
        private final String mediaType;
        private final byte[] manifest;
        private final byte[] config;
        private final @Nullable ImageIndex index;

        Documents(String mediaType, byte[] manifest, byte[] config, @Nullable ImageIndex index) {
            this.mediaType = mediaType;
            this.manifest = manifest;
            this.config = config;
            this.index = index;
        }

        ImageConfig checked() throws MalformedException {
            if (!(ManifestOrIndex.parse(manifest, mediaType) instanceof Manifest parsed)) {
                throw new MalformedException("%s is no image manifest".formatted(Digest.of(manifest)));
            }
            requireEqual("configuration", parsed.imageId(), Digest.of(config));
            ImageConfig configuration = ImageConfig.parse(config);
            List<Digest> diffIds = configuration.rootfs().diffIds();
            if (diffIds.size() != parsed.layers().size()) {
                throw new MalformedException("manifest with %d layers for a configuration with %d"
                        .formatted(parsed.layers().size(), diffIds.size()));
            }
            return configuration;
        }
    }

    private void pin(Digest... content) {
        complete = false;
        unpins.add(state.pins.add(List.of(content)));
    }

    /// Lets go. What belongs to no image is deleted.
    @Override
    public void close() {
        List<Runnable> all = new ArrayList<>(unpins);
        unpins.removeAll(all);
        if (complete) {
            all.forEach(Runnable::run);
            return;
        }
        try {
            long _ = new GarbageCollection(state).runAfter(() -> all.forEach(Runnable::run));
        } catch (IOException e) {
            LOGGER.log(System.Logger.Level.WARNING, "freeing what has arrived of an image", e);
        }
    }
}
