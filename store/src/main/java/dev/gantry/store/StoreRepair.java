package dev.gantry.store;

import dev.gantry.oci.Digest;
import dev.gantry.oci.MalformedException;
import dev.gantry.oci.image.Descriptor;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.stream.Collectors;

/// Finds what is broken in a store, and mends it. For one thread at a time; others go on using the store.
public final class StoreRepair {
    private final ImageStore store;
    private final StoreState state;
    private final GarbageCollection garbage;

    StoreRepair(ImageStore store, StoreState state) {
        this.store = store;
        this.state = state;
        this.garbage = new GarbageCollection(state);
    }

    /// Compares what is on disk with what names, images and leases need. Changes nothing.
    public StoreReport check() throws IOException {
        state.changes.lock();
        try {
            return new StoreCheck(state.blobs, state.layers, state.index, state.temporary)
                    .run(state.catalogue(), state.pins.current());
        } finally {
            state.changes.unlock();
        }
    }

    /// Reads every blob again, unpacks it again, and compares that with what is there.
    public List<StoreDamage> verify() throws IOException {
        Verification verification = new Verification(state.blobs, state.temporary);
        for (Image image : everyManifest()) {
            try (Lease _ = store.lease(image.id())) {
                verification.run(image, state.manifest(image));
            } catch (MalformedException | NoSuchElementException | NoSuchFileException e) {
                verification.add(new StoreDamage.BrokenBlob(
                        image.manifest().digest(), image.id(), "manifest or configuration: " + e.getMessage()));
            }
        }
        return verification.problems();
    }

    /// Every image by each of its manifests, once with each index that means it.
    private Set<Image> everyManifest() {
        Catalogue now = state.catalogue();
        Set<Image> all = new LinkedHashSet<>();
        now.names()
                .values()
                .forEach(name -> now.findManifest(name.manifest(), name.index()).ifPresent(all::add));
        Set<Digest> named =
                now.names().values().stream().map(Catalogue.Target::manifest).collect(Collectors.toSet());
        now.images().values().stream()
                .filter(image -> !named.contains(image.manifest().digest()))
                .forEach(all::add);
        return all;
    }

    /// Unpacks a layer again from its blob, and replaces what is there of it.
    ///
    /// @throws IOException if there is no whole blob
    public void restore(Digest diffId) throws IOException {
        List<Path> rubbish = new ArrayList<>();
        new LayerRestoration(state.blobs, state.index, state.temporary).restore(diffId, state.catalogue(), layer -> {
            state.changes.lock();
            try {
                if (state.layers.isPresent(diffId)) {
                    rubbish.add(state.layers.discard(diffId));
                }
                Layer _ = state.layers.adopt(layer.directory(), diffId);
            } finally {
                state.changes.unlock();
            }
        });
        garbage.delete(rubbish);
    }

    /// Takes an image back that was not whole.
    ///
    /// @throws IOException if it still is not
    public void readAgain(StoreDamage.UnreadableImage image) throws IOException {
        state.changes.lock();
        try {
            Catalogue changed = state.catalogue();
            for (Descriptor entry : state.catalogue().unreadable()) {
                if (entry.digest().equals(image.manifest())) {
                    changed = state.index.readAgain(changed, entry);
                }
            }
            state.publish(changed);
        } finally {
            state.changes.unlock();
        }
    }

    /// Forgets an image that is not whole, and frees what nothing else needs.
    public void forget(StoreDamage.UnreadableImage image) throws IOException {
        state.changes.lock();
        try {
            Catalogue changed = state.catalogue();
            for (Descriptor entry : state.catalogue().unreadable()) {
                if (entry.digest().equals(image.manifest())) {
                    changed = changed.withoutUnreadable(entry);
                }
            }
            state.publish(changed);
        } finally {
            state.changes.unlock();
        }
        long _ = garbage.run();
    }

    /// Deletes unfinished work that nobody goes on with.
    public void delete(StoreDamage.LeftoverFile leftover) throws IOException {
        state.temporary.delete(leftover.file());
    }
}
