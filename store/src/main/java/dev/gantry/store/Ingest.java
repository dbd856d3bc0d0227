package dev.gantry.store;

import dev.gantry.oci.Digest;
import dev.gantry.oci.ImageReference;
import dev.gantry.oci.MalformedException;
import dev.gantry.oci.image.Descriptor;
import dev.gantry.oci.image.ImageConfig;
import dev.gantry.oci.image.Manifest;
import dev.gantry.oci.image.ManifestOrIndex;
import dev.gantry.oci.image.MediaType;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;

/// An image on its way into the store, document by document and layer by layer, from a registry or an archive. What has
/// arrived stays, whatever garbage is collected meanwhile, until this is closed; what is committed then is an image's.
///
/// Thread-safe: layers of one image may arrive at the same time, and the same layer for two images: it is read once.
public final class Ingest implements AutoCloseable {
    private final StoreState state;
    private final ConcurrentLinkedQueue<Runnable> unpins = new ConcurrentLinkedQueue<>();

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
        Path work = state.temporary.directory();
        try (InputStream content = source.open()) {
            LayerWriter.Unfinished layer = LayerWriter.write(content, work);
            requireEqual("blob", blob.digest(), layer.descriptor().digest());
            requireEqual("layer", diffId, layer.diffId());
            SafeTree.syncFileSystem(state.root);
            state.changes.lock();
            try {
                Layer _ = state.layers.adopt(layer.directory(), diffId);
                state.blobs.adopt(layer.blob(), blob.digest());
            } finally {
                state.changes.unlock();
            }
        } finally {
            state.temporary.delete(work);
        }
    }

    private static void requireEqual(String what, Digest wanted, Digest got) throws MalformedException {
        if (!wanted.equals(got)) {
            throw new MalformedException("%s %s: got content with digest %s".formatted(what, wanted, got));
        }
    }

    /// Makes an image of documents whose layers have all arrived, and gives it names; a name in use moves to it.
    ///
    /// @param manifest the document, of this media type
    /// @param names with a tag or a digest
    /// @throws MalformedException if the documents do not belong together
    public Image commit(String mediaType, byte[] manifest, byte[] config, List<ImageReference> names)
            throws IOException {
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
        state.changes.lock();
        try {
            Digest id = state.blobs.put(config);
            Digest _ = state.blobs.put(manifest);
            Descriptor descriptor = Descriptor.of(mediaType, manifest);
            List<Layer> layers = state.index.layersOf(configuration);
            Catalogue changed = state.catalogue();
            Image image = changed.find(id)
                    .orElse(new Image(id, configuration, descriptor, List.of(), layers, null, Instant.now()));
            changed = changed.with(image, null);
            for (ImageReference name : names) {
                changed = changed.with(image, name);
            }
            state.publish(changed);
            return changed.find(id).orElseThrow();
        } finally {
            state.changes.unlock();
        }
    }

    private void pin(Digest blob, Digest layer) {
        unpins.add(state.pins.add(List.of(blob, layer)));
    }

    /// Lets go. What belongs to no image is garbage from now on.
    @Override
    public void close() {
        List<Runnable> all = new ArrayList<>(unpins);
        unpins.removeAll(all);
        all.forEach(Runnable::run);
    }
}
