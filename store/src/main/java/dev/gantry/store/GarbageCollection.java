package dev.gantry.store;

import dev.gantry.oci.Digest;
import dev.gantry.oci.image.Descriptor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Frees what neither an image nor a pin needs.
record GarbageCollection(StoreState state) {
    /// Deletes it.
    ///
    /// @return the bytes that were freed, files' content only
    long run() throws IOException {
        return runAfter(() -> {});
    }

    /// Lets go of content and deletes what nobody needs then, in one step: nobody sees what is needed by nobody.
    long runAfter(Runnable unpin) throws IOException {
        List<Path> rubbish = new ArrayList<>();
        long freed;
        state.changes.lock();
        try {
            unpin.run();
            freed = sweep(rubbish);
        } finally {
            state.changes.unlock();
        }
        delete(rubbish);
        return freed;
    }

    /// Takes away what nobody needs, with the lock held.
    ///
    /// @param rubbish takes what is to be deleted without the lock, for that may take long
    long sweep(List<Path> rubbish) throws IOException {
        long freed = 0;
        Set<Digest> needed = needed();
        Set<Digest> unpacked = unpacked();
        for (Digest diffId : state.layers.list()) {
            if (!needed.contains(diffId) && !unpacked.contains(diffId)) {
                freed += state.layers.size(diffId);
                rubbish.add(state.layers.discard(diffId));
            }
        }
        for (Digest digest : state.blobs.list()) {
            if (!needed.contains(digest)) {
                freed += state.blobs.delete(digest);
            }
        }
        return freed;
    }

    /// Deletes what was taken away, without the lock; of a full disk's space it keeps what the next removal needs.
    void delete(List<Path> rubbish) throws IOException {
        for (Path layer : rubbish) {
            state.temporary.delete(layer);
        }
        state.replenishReserve();
    }

    private Set<Digest> needed() throws IOException {
        Set<Digest> needed = new HashSet<>(state.pins.current());
        for (Descriptor entry : state.catalogue().unreadable()) {
            needed.addAll(state.index.contents(entry).digests());
        }
        state.catalogue()
                .indexes()
                .forEach(index -> needed.add(index.descriptor().digest()));
        for (Image image : state.catalogue().images().values()) {
            needed.addAll(blobsOf(image));
        }
        return needed;
    }

    /// Blobs and layers of an image.
    Set<Digest> neededBy(Image image) throws IOException {
        Set<Digest> needed = blobsOf(image);
        needed.addAll(image.config().rootfs().diffIds());
        return needed;
    }

    private Set<Digest> blobsOf(Image image) throws IOException {
        Set<Digest> needed = new HashSet<>();
        needed.add(image.id());
        needed.add(image.manifest().digest());
        for (Descriptor layer : state.manifest(image).layers()) {
            needed.add(layer.digest());
        }
        return needed;
    }

    /// Apart from blobs: a layer that was stored plain, and is sent compressed, has its diff ID for the digest of a
    /// blob that nobody needs any more.
    private Set<Digest> unpacked() {
        Set<Digest> diffIds = new HashSet<>();
        for (Image image : state.catalogue().images().values()) {
            diffIds.addAll(image.config().rootfs().diffIds());
        }
        return diffIds;
    }
}
