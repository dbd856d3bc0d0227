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
        List<Path> rubbish = new ArrayList<>();
        long freed;
        state.changes.lock();
        try {
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
        for (Digest diffId : state.layers.list()) {
            if (!needed.contains(diffId)) {
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

    void delete(List<Path> rubbish) throws IOException {
        for (Path layer : rubbish) {
            state.temporary.delete(layer);
        }
    }

    private Set<Digest> needed() throws IOException {
        Set<Digest> needed = new HashSet<>(state.pins.current());
        for (Descriptor entry : state.catalogue().unreadable()) {
            needed.addAll(state.index.contents(entry).digests());
        }
        for (Image image : state.catalogue().images().values()) {
            needed.add(image.id());
            needed.add(image.manifest().digest());
            needed.addAll(image.config().rootfs().diffIds());
            for (Descriptor layer : state.manifest(image).layers()) {
                needed.add(layer.digest());
            }
        }
        return needed;
    }
}
