package dev.gantry.store;

import dev.gantry.oci.Digest;
import dev.gantry.oci.ImageReference;
import dev.gantry.oci.Json;
import dev.gantry.oci.MalformedException;
import dev.gantry.oci.Platform;
import dev.gantry.oci.image.ConfigChange;
import dev.gantry.oci.image.Descriptor;
import dev.gantry.oci.image.Execution;
import dev.gantry.oci.image.History;
import dev.gantry.oci.image.ImageConfig;
import dev.gantry.oci.image.Index;
import dev.gantry.oci.image.Manifest;
import dev.gantry.oci.image.ManifestOrIndex;
import dev.gantry.oci.image.MediaType;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The images of one data root. Safe for use by many threads; one process at a time (the daemon holds the lock).
///
/// Readers see one [Catalogue], without a lock. Slow work (unpacking) happens in a temporary directory, without a
/// lock; then one lock orders what changes names, blobs in place, and layers in place, and garbage collection.
public final class ImageStore {
    private static final System.Logger LOGGER = System.getLogger(ImageStore.class.getName());
    private static final Pattern SHORT_ID = Pattern.compile("(?:sha256:)?([0-9a-f]{1,64})");

    /// Built-in images have no time of making: their ID must not change. This is the build's own time stamp.
    private static final Instant BUILT_IN_TIME = Instant.parse("2026-01-01T00:00:00Z");

    private final Path root;
    private final TemporaryFiles temporary;
    private final Blobs blobs;
    private final Layers layers;
    private final LayoutIndex index;
    private final Pins pins = new Pins();
    private final ReentrantLock changes = new ReentrantLock();
    private volatile Catalogue catalogue;

    private ImageStore(Path root) throws IOException {
        this.root = root;
        Durable.directory(root, "rwx--x---");
        Path content = root.resolve("content");
        Durable.directory(content, "rwx------");
        temporary = new TemporaryFiles(root.resolve("tmp"));
        blobs = new Blobs(content.resolve("blobs"), temporary);
        layers = new Layers(root.resolve("layers"), temporary);
        index = new LayoutIndex(content, temporary, blobs, layers);
        catalogue = index.read();
    }

    /// Opens the store below `root`, which is made if it is missing. Unfinished work of an earlier process is
    /// deleted; garbage stays until [#collectGarbage], because leases of existing containers are not known yet.
    public static ImageStore open(Path root) throws IOException {
        return new ImageStore(root.toAbsolutePath());
    }

    /// Makes an image of one layer from a tar, plain or compressed with gzip, bzip2, xz or zstd. The stream is read
    /// to its end and not closed. A name in use moves to the new image.
    ///
    /// @throws MalformedException if the tar, its compression or a change is malformed
    public Image importTar(InputStream tar, ImportOptions options) throws IOException {
        Execution execution = ConfigChange.apply(Execution.empty(), options.changes());
        History step = new History(Instant.now(), null, null, options.message(), false);
        return addLayer(tar, options.reference(), options.platform(), execution, step);
    }

    /// Makes sure that an image is there under this name and returns it; if the name is taken, that image. The ID
    /// depends on the other arguments alone. Nothing is remembered: a built-in image that a user removed comes back
    /// with the next call, so the caller offers it when it is asked for.
    ///
    /// @param executables content by path relative to the root; owned by root, mode 0755
    public Image addBuiltIn(ImageReference reference, Execution config, Map<String, byte[]> executables)
            throws IOException {
        Optional<Image> present = catalogue.find(reference.withDefaultTag());
        if (present.isPresent()) {
            return present.get();
        }
        History step = new History(BUILT_IN_TIME, "gantry", null, "built in", false);
        byte[] tar = BuiltInLayer.tar(executables, BUILT_IN_TIME);
        return addLayer(new ByteArrayInputStream(tar), reference, Platform.host(), config, step);
    }

    private Image addLayer(
            InputStream tar, @Nullable ImageReference reference, Platform platform, Execution execution, History step)
            throws IOException {
        Path work = temporary.directory();
        try {
            LayerWriter.Unfinished layer = LayerWriter.write(tar, work);
            ImageConfig config = ImageConfig.of(platform, execution, List.of(layer.diffId()), List.of(step));
            SafeTree.syncFileSystem(root);
            return commit(layer, config, reference == null ? null : reference.withDefaultTag());
        } finally {
            temporary.delete(work);
        }
    }

    private Image commit(LayerWriter.Unfinished layer, ImageConfig config, @Nullable ImageReference name)
            throws IOException {
        byte[] document = Json.write(config);
        changes.lock();
        try {
            Layer unpacked = layers.adopt(layer.directory(), layer.diffId());
            blobs.adopt(layer.blob(), layer.descriptor().digest());
            Digest id = blobs.put(document);
            byte[] manifest =
                    Json.write(Manifest.of(Descriptor.of(MediaType.OCI_CONFIG, document), List.of(layer.descriptor())));
            blobs.put(manifest);
            Descriptor descriptor = Descriptor.of(MediaType.OCI_MANIFEST, manifest);
            Image image = catalogue
                    .find(id)
                    .orElse(new Image(id, config, descriptor, List.of(), List.of(unpacked), null, Instant.now()));
            publish(catalogue.with(image, name));
            return catalogue.find(id).orElseThrow();
        } finally {
            changes.unlock();
        }
    }

    // with the lock held; a failed write leaves the old state on disk and here
    private void publish(Catalogue changed) throws IOException {
        index.write(changed);
        catalogue = changed;
    }

    /// Finds an image by name (`latest` is the default tag), ID, or unambiguous start of an ID, with or without
    /// `sha256:`; names go first.
    ///
    /// @throws MalformedException if the text is neither a reference nor an ID
    /// @throws AmbiguousImageException if several IDs start with the text
    public Optional<Image> find(String idOrReference) throws IOException {
        Catalogue now = catalogue;
        if (!Digest.isHexId(idOrReference)) {
            ImageReference reference = ImageReference.parse(idOrReference).withDefaultTag();
            Optional<Image> named = now.find(reference);
            if (named.isEmpty() && reference.tag() != null && reference.digest() != null) {
                named = now.find(reference.withDigest(reference.digest()));
            }
            if (named.isPresent()) {
                return named;
            }
        }
        var shortId = SHORT_ID.matcher(idOrReference);
        if (!shortId.matches()) {
            return Optional.empty();
        }
        List<Image> candidates = now.startingWith(shortId.group(1));
        if (candidates.size() > 1) {
            throw new AmbiguousImageException(idOrReference);
        }
        return candidates.stream().findFirst();
    }

    /// All images, newest first.
    public List<Image> list() {
        return catalogue.list();
    }

    /// Gives an image one more name. A name in use moves from its image, which stays, perhaps dangling.
    ///
    /// @throws NoSuchElementException if there is no such image
    public void tag(Digest imageId, ImageReference reference) throws IOException {
        changes.lock();
        try {
            Image image = catalogue.find(imageId).orElseThrow(() -> missing(imageId));
            publish(catalogue.with(image.storedAt(Instant.now()), reference.withDefaultTag()));
        } finally {
            changes.unlock();
        }
    }

    /// Takes a name away; its image stays, perhaps dangling.
    ///
    /// @return whether the name was in use
    public boolean untag(ImageReference reference) throws IOException {
        ImageReference name = reference.withDefaultTag();
        changes.lock();
        try {
            boolean used = catalogue.names().containsKey(name);
            if (used) {
                publish(catalogue.without(name));
            }
            return used;
        } finally {
            changes.unlock();
        }
    }

    /// Removes an image and all its names, then what nothing else needs.
    ///
    /// @return the layers that are gone, top first; empty as well if there was no such image
    public List<Digest> remove(Digest imageId) throws IOException {
        Image image;
        List<Path> rubbish = new ArrayList<>();
        changes.lock();
        try {
            image = catalogue.find(imageId).orElse(null);
            if (image == null) {
                return List.of();
            }
            publish(catalogue.without(imageId));
            long _ = sweep(rubbish);
        } finally {
            changes.unlock();
        }
        delete(rubbish);
        List<Digest> gone = new ArrayList<>();
        for (Layer layer : image.layers().reversed()) {
            if (layers.find(layer.diffId()).isEmpty()) {
                gone.add(layer.diffId());
            }
        }
        return gone;
    }

    /// Keeps an image's layers on disk until the lease is closed. Works for a removed image too as long as its
    /// content has not been collected.
    ///
    /// @throws NoSuchElementException if the image is not there
    public Lease lease(Digest imageId) throws IOException {
        changes.lock();
        try {
            ImageConfig config = ImageConfig.parse(blobs.read(imageId));
            List<Layer> unpacked = index.layersOf(config);
            Set<Digest> needed = new HashSet<>(config.rootfs().diffIds());
            needed.add(imageId);
            Runnable unpin = pins.add(needed);
            return new Lease(imageId, config, unpacked, () -> release(imageId, unpin));
        } catch (NoSuchFileException e) {
            throw (NoSuchElementException) missing(imageId).initCause(e);
        } finally {
            changes.unlock();
        }
    }

    /// Lets go of what a lease kept; of a removed image, nothing stays that nobody needs.
    private void release(Digest imageId, Runnable unpin) {
        boolean present = catalogue.images().containsKey(imageId);
        if (present) {
            unpin.run();
            if (catalogue.images().containsKey(imageId)) {
                return;
            }
        }
        List<Path> rubbish = new ArrayList<>();
        try {
            changes.lock();
            try {
                if (!present) {
                    // in one step with the removal of what it kept: nobody sees what is needed by nobody
                    unpin.run();
                }
                long _ = sweep(rubbish);
            } finally {
                changes.unlock();
            }
            delete(rubbish);
        } catch (IOException e) {
            LOGGER.log(System.Logger.Level.WARNING, "freeing image " + imageId + ", which was removed", e);
        }
    }

    private static NoSuchElementException missing(Digest imageId) {
        return new NoSuchElementException("image %s is not in the store".formatted(imageId));
    }

    /// Deletes blobs and layers that neither an image nor a lease needs.
    ///
    /// @return the bytes that were freed, files' content only
    public long collectGarbage() throws IOException {
        List<Path> rubbish = new ArrayList<>();
        long freed;
        changes.lock();
        try {
            freed = sweep(rubbish);
        } finally {
            changes.unlock();
        }
        delete(rubbish);
        return freed;
    }

    /// Takes away what nobody needs, with the lock held.
    ///
    /// @param rubbish takes what is to be deleted without the lock, for that may take long
    private long sweep(List<Path> rubbish) throws IOException {
        long freed = 0;
        Set<Digest> needed = needed();
        for (Digest diffId : layers.list()) {
            if (!needed.contains(diffId)) {
                freed += layers.size(diffId);
                rubbish.add(layers.discard(diffId));
            }
        }
        for (Digest digest : blobs.list()) {
            if (!needed.contains(digest)) {
                freed += blobs.delete(digest);
            }
        }
        return freed;
    }

    private void delete(List<Path> rubbish) throws IOException {
        for (Path layer : rubbish) {
            temporary.delete(layer);
        }
    }

    private Set<Digest> needed() throws IOException {
        Set<Digest> needed = new HashSet<>(pins.current());
        for (Descriptor entry : catalogue.unreadable()) {
            needed.addAll(index.contents(entry).digests());
        }
        for (Image image : catalogue.images().values()) {
            needed.add(image.id());
            needed.add(image.manifest().digest());
            needed.addAll(image.config().rootfs().diffIds());
            for (Descriptor layer : manifest(image).layers()) {
                needed.add(layer.digest());
            }
        }
        return needed;
    }

    private Manifest manifest(Image image) throws IOException {
        Descriptor descriptor = image.manifest();
        ManifestOrIndex document = ManifestOrIndex.parse(blobs.read(descriptor.digest()), descriptor.mediaType());
        return switch (document) {
            case Manifest manifest -> manifest;
            case Index _ -> throw new MalformedException("%s is no image manifest".formatted(descriptor.digest()));
        };
    }

    /// Compares what is on disk with what names, images and leases need. Changes nothing.
    public StoreReport check() throws IOException {
        changes.lock();
        try {
            return new StoreCheck(blobs, layers, index, temporary).run(catalogue, pins.current());
        } finally {
            changes.unlock();
        }
    }

    /// Reads every blob and every layer again and compares them with their digests.
    public List<StoreDamage> verify() throws IOException {
        List<StoreDamage> problems = new ArrayList<>();
        for (Image image : catalogue.list()) {
            try (Lease _ = lease(image.id())) {
                problems.addAll(new Verification(blobs, image).run(manifest(image)));
            } catch (MalformedException | NoSuchElementException | NoSuchFileException e) {
                problems.add(new StoreDamage.BrokenBlob(
                        image.manifest().digest(), image.id(), "manifest or configuration: " + e.getMessage()));
            }
        }
        return problems;
    }

    /// Unpacks a layer again from its blob, and replaces what is there of it.
    ///
    /// @throws IOException if there is no whole blob
    public void restore(Digest diffId) throws IOException {
        List<Path> rubbish = new ArrayList<>();
        new LayerRestoration(blobs, index, temporary).restore(diffId, catalogue, layer -> {
            changes.lock();
            try {
                if (layers.isPresent(diffId)) {
                    rubbish.add(layers.discard(diffId));
                }
                Layer _ = layers.adopt(layer.directory(), diffId);
            } finally {
                changes.unlock();
            }
        });
        delete(rubbish);
    }

    /// Takes an image back that was not whole.
    ///
    /// @throws IOException if it still is not
    public void readAgain(StoreDamage.UnreadableImage image) throws IOException {
        changes.lock();
        try {
            Catalogue changed = catalogue;
            for (Descriptor entry : catalogue.unreadable()) {
                if (entry.digest().equals(image.manifest())) {
                    changed = index.readAgain(changed, entry);
                }
            }
            publish(changed);
        } finally {
            changes.unlock();
        }
    }

    /// Forgets an image that is not whole, and frees what nothing else needs.
    public void forget(StoreDamage.UnreadableImage image) throws IOException {
        changes.lock();
        try {
            Catalogue changed = catalogue;
            for (Descriptor entry : catalogue.unreadable()) {
                if (entry.digest().equals(image.manifest())) {
                    changed = changed.withoutUnreadable(entry);
                }
            }
            publish(changed);
        } finally {
            changes.unlock();
        }
        long _ = collectGarbage();
    }

    /// Deletes unfinished work that nobody goes on with.
    public void delete(StoreDamage.LeftoverFile leftover) throws IOException {
        temporary.delete(leftover.file());
    }
}
