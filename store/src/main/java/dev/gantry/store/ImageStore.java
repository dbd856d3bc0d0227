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
import dev.gantry.oci.image.Manifest;
import dev.gantry.oci.image.MediaType;
import dev.gantry.store.tar.BuiltInLayer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
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

    /// The digest of a tar without entries.
    private static final Digest EMPTY = Digest.of(new byte[1024]);

    private final StoreState state;
    private final GarbageCollection garbage;

    private ImageStore(StoreState state) {
        this.state = state;
        this.garbage = new GarbageCollection(state);
    }

    /// Opens the store below `root`, which is made if it is missing. Unfinished work of an earlier process is
    /// deleted; garbage stays until [#collectGarbage], because leases of existing containers are not known yet.
    public static ImageStore open(Path root) throws IOException {
        return new ImageStore(new StoreState(root.toAbsolutePath()));
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
        Optional<Image> present = state.catalogue().find(reference.withDefaultTag());
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
        ImageReference name = reference == null ? null : reference.withDefaultTag();
        return state.receive(tar, layer -> {
            ImageConfig config = ImageConfig.of(platform, execution, List.of(layer.diffId()), List.of(step));
            return publish(config, List.of(layer.descriptor()), List.of(state.adopt(layer)), null, name);
        });
    }

    /// What becomes of an image and a layer on top of it.
    ///
    /// @param reference the name; null makes a dangling image
    /// @param step a step without a layer if the layer turns out to be empty
    public record Derivation(@Nullable ImageReference reference, Execution execution, History step) {}

    /// Makes an image of another one and one more layer, which shares all others. The stream is read to its end and not
    /// closed. A name in use moves to the new image.
    ///
    /// @param layer a tar, as in [#importTar]
    /// @throws MalformedException if the tar is malformed
    /// @throws NoSuchElementException if the other image is not there
    public Image derive(Digest base, InputStream layer, Derivation derivation) throws IOException {
        return state.receive(layer, written -> {
            Image below = state.catalogue().find(base).orElseThrow(() -> missing(base));
            return derive(below, written, derivation);
        });
    }

    /// Under the lock.
    private Image derive(Image base, LayerWriter.Unfinished layer, Derivation derivation) throws IOException {
        boolean empty = layer.diffId().equals(EMPTY);
        List<Descriptor> blobs = new ArrayList<>();
        for (Descriptor each : manifest(base).layers()) {
            blobs.add(Descriptor.of(MediaType.inOciFamily(each.mediaType()), each.digest(), each.size()));
        }
        List<Layer> layers = new ArrayList<>(base.layers());
        if (!empty) {
            layers.add(state.adopt(layer));
            blobs.add(layer.descriptor());
        }
        ImageConfig config =
                base.config().with(derivation.execution(), empty ? null : layer.diffId(), derivation.step());
        return publish(config, blobs, layers, base.id(), derivation.reference());
    }

    /// Under the lock, with all layers in place.
    private Image publish(
            ImageConfig config,
            List<Descriptor> blobs,
            List<Layer> layers,
            @Nullable Digest parent,
            @Nullable ImageReference name)
            throws IOException {
        byte[] document = Json.write(config);
        Digest id = state.blobs.put(document);
        byte[] manifest = Json.write(Manifest.of(Descriptor.of(MediaType.OCI_CONFIG, document), blobs));
        Digest _ = state.blobs.put(manifest);
        Descriptor descriptor = Descriptor.of(MediaType.OCI_MANIFEST, manifest);
        Image image = Image.arrived(id, config, descriptor, null, layers).withParent(parent);
        return name == null
                ? state.commit(image, List.of())
                : state.commit(image.taggedAt(Instant.now()), List.of(name));
    }

    /// Begins to take in an image that is there elsewhere.
    public Ingest ingest() {
        return new Ingest(state);
    }

    /// Begins to send an image elsewhere, with the manifest of the name that it was found by.
    ///
    /// @throws NoSuchElementException if the image is not there
    public Outgoing send(Image found) throws IOException {
        state.changes.lock();
        try {
            Image image = current(found);
            return new Outgoing(
                    state, image, state.manifest(image), () -> free("what was sent of image " + image.id()));
        } finally {
            state.changes.unlock();
        }
    }

    private void free(String what) {
        try {
            long _ = garbage.run();
        } catch (IOException e) {
            LOGGER.log(System.Logger.Level.WARNING, "freeing " + what, e);
        }
    }

    /// Finds an image by name (`latest` is the default tag), ID, or unambiguous start of an ID, with or without
    /// `sha256:`; names go first.
    ///
    /// @throws MalformedException if the text is neither a reference nor an ID
    /// @throws AmbiguousImageException if several IDs start with the text
    public Optional<Image> find(String idOrReference) throws IOException {
        Catalogue now = state.catalogue();
        var shortId = SHORT_ID.matcher(idOrReference);
        boolean mayBeId = shortId.matches();
        // a name must not stand for a whole ID: names come from archives, too
        if (!mayBeId || !Digest.isHexId(shortId.group(1))) {
            ImageReference reference = ImageReference.parse(idOrReference).withDefaultTag();
            Optional<Image> named = now.find(reference);
            if (named.isEmpty() && reference.tag() != null && reference.digest() != null) {
                named = now.find(reference.withDigest(reference.digest()));
            }
            if (named.isPresent()) {
                return named;
            }
        }
        if (!mayBeId) {
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
        return state.catalogue().list();
    }

    /// The images of all platforms that are here of the index by whose name an image was found, in the index's order;
    /// of another image, that one.
    public List<Image> platforms(Image image) {
        ImageIndex index = image.index();
        if (index == null) {
            return List.of(image);
        }
        Catalogue now = state.catalogue();
        return index.images().stream()
                .flatMap(manifest -> now.findManifest(manifest.digest(), index).stream())
                .toList();
    }

    /// The manifest by which an image is here.
    public Manifest manifest(Image image) throws IOException {
        return state.manifest(image);
    }

    /// Gives an image one more name, which leads to the image's index if it was found by the name of one. A name in use
    /// moves from its image, which stays, perhaps dangling.
    ///
    /// @throws NoSuchElementException if there is no such image
    public void tag(Image image, ImageReference reference) throws IOException {
        state.changes.lock();
        try {
            Image present = current(image).taggedAt(Instant.now());
            state.publish(state.catalogue().with(present, reference.withDefaultTag()));
        } finally {
            state.changes.unlock();
        }
    }

    /// An image as it is now. One that was sent somewhere may have another manifest since it was found.
    private Image current(Image found) {
        return state.catalogue()
                .findManifest(found.manifest().digest(), found.index())
                .or(() -> state.catalogue().find(found.id()))
                .orElseThrow(() -> missing(found.id()));
    }

    /// Takes a name away; its image stays, perhaps dangling.
    ///
    /// @return whether the name was in use
    public boolean untag(ImageReference reference) throws IOException {
        ImageReference name = reference.withDefaultTag();
        state.changes.lock();
        try {
            boolean used = state.catalogue().names().containsKey(name);
            if (used) {
                state.publish(state.catalogue().without(name));
            }
            return used;
        } finally {
            state.changes.unlock();
        }
    }

    /// Removes an image and all its names, then what nothing else needs. A name of an index that has another platform
    /// here means that one from now on.
    ///
    /// @return the layers that are gone, top first; empty as well if there was no such image
    public List<Digest> remove(Digest imageId) throws IOException {
        Image image;
        List<Path> rubbish = new ArrayList<>();
        state.changes.lock();
        try {
            image = state.catalogue().find(imageId).orElse(null);
            if (image == null) {
                return List.of();
            }
            state.publish(state.catalogue().without(imageId));
            long _ = garbage.sweep(rubbish);
        } finally {
            state.changes.unlock();
        }
        garbage.delete(rubbish);
        List<Digest> gone = new ArrayList<>();
        for (Layer layer : image.layers().reversed()) {
            if (state.layers.find(layer.diffId()).isEmpty()) {
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
        state.changes.lock();
        try {
            ImageConfig config = ImageConfig.parse(state.blobs.read(imageId));
            List<Layer> unpacked = state.index.layersOf(config);
            Set<Digest> needed = new HashSet<>(config.rootfs().diffIds());
            needed.add(imageId);
            Runnable unpin = state.pins.add(needed);
            return new Lease(imageId, config, unpacked, () -> release(imageId, unpin));
        } catch (NoSuchFileException e) {
            throw (NoSuchElementException) missing(imageId).initCause(e);
        } finally {
            state.changes.unlock();
        }
    }

    /// Keeps documents and blobs of images on disk, and reads them, until the result is closed.
    ///
    /// @throws NoSuchElementException if one is not there any more
    public ContentLease leaseContent(Collection<Image> images) throws IOException {
        state.changes.lock();
        try {
            Set<Digest> needed = new HashSet<>();
            for (Image image : images) {
                if (!state.blobs.has(image.manifest().digest())) {
                    throw missing(image.id());
                }
                needed.addAll(state.index.contents(image.manifest()).digests());
                if (image.index() != null) {
                    needed.add(image.index().descriptor().digest());
                }
            }
            return new ContentLease(state.blobs, state.pins.add(needed));
        } finally {
            state.changes.unlock();
        }
    }

    /// Lets go of what a lease kept; of a removed image, nothing stays that nobody needs.
    private void release(Digest imageId, Runnable unpin) {
        boolean present = state.catalogue().find(imageId).isPresent();
        if (present) {
            unpin.run();
            if (state.catalogue().find(imageId).isPresent()) {
                return;
            }
        }
        try {
            // if it has run already, it must not run again
            long _ = garbage.runAfter(present ? () -> {} : unpin);
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
        return garbage.run();
    }

    /// What the store takes on the disk.
    public StoreUsage usage() throws IOException {
        return StoreUsage.measure(state);
    }

    /// Blobs and layers that an image needs: what is needed by nobody any more is deleted.
    public Set<Digest> neededBy(Image image) throws IOException {
        return garbage.neededBy(image);
    }

    /// What finds and mends damage.
    public StoreRepair repair() {
        return new StoreRepair(this, state);
    }
}
