package dev.gantry.store;

import dev.gantry.oci.Digest;
import dev.gantry.oci.ImageReference;
import dev.gantry.oci.MalformedException;
import dev.gantry.oci.image.Descriptor;
import dev.gantry.oci.image.Index;
import dev.gantry.oci.image.Manifest;
import dev.gantry.oci.image.ManifestOrIndex;
import dev.gantry.store.space.FullDisk;
import dev.gantry.store.space.Reserve;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/// What a store consists of. Readers see one [Catalogue], without a lock.
final class StoreState {
    private static final System.Logger LOGGER = System.getLogger(StoreState.class.getName());

    final Path root;
    final TemporaryFiles temporary;
    final Blobs blobs;
    final Layers layers;
    final LayoutIndex index;
    private final Reserve reserve;
    final Pins pins = new Pins();
    final Arrivals arrivals = new Arrivals();
    /// Orders what changes names, blobs in place, and layers in place, and garbage collection. Slow work happens
    /// without it, in a temporary directory.
    final ReentrantLock changes = new ReentrantLock();

    private volatile Catalogue catalogue;

    /// Makes what is missing below the root, deletes unfinished work, and reads the index.
    StoreState(Path root) throws IOException {
        this.root = root;
        Durable.directory(root, "rwx--x---");
        Path content = root.resolve("content");
        Durable.directory(content, "rwx------");
        temporary = new TemporaryFiles(root.resolve("tmp"));
        blobs = new Blobs(content.resolve("blobs"), temporary);
        layers = new Layers(root.resolve("layers"), temporary);
        reserve = new Reserve(root.resolve("reserve"));
        index = new LayoutIndex(content, temporary, blobs, layers);
        catalogue = index.read();
        reserve.take(index.size());
    }

    Catalogue catalogue() {
        return catalogue;
    }

    /// Looks at a layer that has been unpacked.
    @FunctionalInterface
    interface LayerCheck {
        void of(LayerWriter.Unfinished layer) throws IOException;
    }

    /// Makes something of a layer that is durable, with the lock held.
    @FunctionalInterface
    interface LayerUse<T> {
        T of(LayerWriter.Unfinished layer) throws IOException;
    }

    /// Takes in a layer with digests of the usual algorithm.
    <T> T receive(InputStream content, LayerUse<T> use) throws IOException {
        return receive(content, Digest.Algorithm.SHA256, Digest.Algorithm.SHA256, _ -> {}, use);
    }

    /// Takes in a layer: unpacks it, makes it durable, and puts it to use, which is to begin with [#adopt].
    ///
    /// @param check refuses one that is not what was wanted
    <T> T receive(
            InputStream content, Digest.Algorithm ofBlob, Digest.Algorithm ofLayer, LayerCheck check, LayerUse<T> use)
            throws IOException {
        Path work = temporary.directory();
        try {
            LayerWriter.Unfinished layer = LayerWriter.write(content, work, ofBlob, ofLayer);
            check.of(layer);
            SafeTree.syncFileSystem(root);
            changes.lock();
            try {
                return use.of(layer);
            } finally {
                changes.unlock();
            }
        } catch (IOException e) {
            throw FullDisk.explained(e, root);
        } finally {
            temporary.delete(work);
        }
    }

    /// Puts a layer and its blob in place, with the lock held.
    Layer adopt(LayerWriter.Unfinished layer) throws IOException {
        Layer unpacked = layers.adopt(layer.directory(), layer.diffId());
        blobs.adopt(layer.blob(), layer.descriptor().digest());
        return unpacked;
    }

    /// With the lock held. A failed write leaves the old state on disk and here.
    void publish(Catalogue changed) throws IOException {
        Catalogue settled = changed.settled();
        write(settled);
        catalogue = settled;
    }

    /// Makes an image of documents and layers that are in place, and gives it names; a name in use moves to it. With
    /// the lock held.
    Image commit(Image arrived, List<ImageReference> names) throws IOException {
        Catalogue.Draft changed = catalogue.draft();
        Digest manifest = arrived.manifest().digest();
        Image known = changed.images().get(manifest);
        Image image = known == null
                ? catalogue.find(arrived.id()).map(arrived::remembering).orElse(arrived)
                : known.with(arrived.index(), Image.Names.NONE);
        changed.add(image, null);
        names.forEach(name -> changed.add(image, name));
        publish(changed.finished());
        return catalogue
                .findManifest(manifest, arrived.index())
                .or(() -> catalogue.find(arrived.id()))
                .orElseThrow();
    }

    private void write(Catalogue changed) throws IOException {
        try {
            reserve.take(written(changed));
        } catch (IOException e) {
            throw FullDisk.explained(e, root);
        }
    }

    private long written(Catalogue changed) throws IOException {
        try {
            return index.write(changed, temporary.file());
        } catch (IOException e) {
            // for what makes no space there is none
            if (!FullDisk.isReasonOf(e) || changed.entries() >= catalogue.entries()) {
                throw e;
            }
            return writeOverReserve(changed);
        }
    }

    /// Takes the reserve again that a full disk has used up.
    void replenishReserve() throws IOException {
        changes.lock();
        try {
            reserve.take(index.size());
        } finally {
            changes.unlock();
        }
    }

    /// On a file system that never overwrites, in the space that the reserve leaves.
    private long writeOverReserve(Catalogue changed) throws IOException {
        try {
            return index.write(changed, reserve.file());
        } catch (IOException e) {
            if (!FullDisk.isReasonOf(e)) {
                throw e;
            }
            LOGGER.log(System.Logger.Level.DEBUG, "the reserve cannot be written over", e);
            return index.write(changed, temporary.file());
        }
    }

    Manifest manifest(Image image) throws IOException {
        Descriptor descriptor = image.manifest();
        ManifestOrIndex document = ManifestOrIndex.parse(blobs.read(descriptor.digest()), descriptor.mediaType());
        return switch (document) {
            case Manifest manifest -> manifest;
            case Index _ -> throw new MalformedException("%s is no image manifest".formatted(descriptor.digest()));
        };
    }
}
