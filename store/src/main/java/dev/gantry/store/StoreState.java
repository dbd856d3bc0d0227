package dev.gantry.store;

import dev.gantry.oci.MalformedException;
import dev.gantry.oci.image.Descriptor;
import dev.gantry.oci.image.Index;
import dev.gantry.oci.image.Manifest;
import dev.gantry.oci.image.ManifestOrIndex;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.locks.ReentrantLock;

/// What a store consists of. Readers see one [Catalogue], without a lock.
final class StoreState {
    final Path root;
    final TemporaryFiles temporary;
    final Blobs blobs;
    final Layers layers;
    final LayoutIndex index;
    final Pins pins = new Pins();
    final Arrivals arrivals = new Arrivals();
    /// Orders what changes names, blobs in place, and layers in place, and garbage collection. Slow work happens
    /// without
    /// it, in a temporary directory.
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
        index = new LayoutIndex(content, temporary, blobs, layers);
        catalogue = index.read();
    }

    Catalogue catalogue() {
        return catalogue;
    }

    /// With the lock held. A failed write leaves the old state on disk and here.
    void publish(Catalogue changed) throws IOException {
        index.write(changed);
        catalogue = changed;
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
