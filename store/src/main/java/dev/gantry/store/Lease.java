package dev.gantry.store;

import dev.gantry.oci.Digest;
import dev.gantry.oci.image.ImageConfig;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;

/// Keeps an image's configuration and layers on disk while something uses them, also after the image itself was
/// removed.
///
/// Held in memory only: after a restart the owner of a container takes its lease again (by the image's ID, with
/// [ImageStore#lease]) before it calls [ImageStore#collectGarbage]. Closing is idempotent; the last lease of an image
/// that was removed meanwhile frees what nobody else needs.
public final class Lease implements AutoCloseable {
    private final Digest imageId;
    private final ImageConfig config;
    private final List<Layer> layers;
    private final Runnable release;
    private final AtomicBoolean closed = new AtomicBoolean();

    Lease(Digest imageId, ImageConfig config, List<Layer> layers, Runnable release) {
        this.imageId = imageId;
        this.config = config;
        this.layers = List.copyOf(layers);
        this.release = release;
    }

    public Digest imageId() {
        return imageId;
    }

    public ImageConfig config() {
        return config;
    }

    /// Bottom layer first.
    public List<Layer> layers() {
        return layers;
    }

    /// What it keeps, by digest: the configuration and the layers.
    public Set<Digest> content() {
        Set<Digest> content = layers.stream().map(Layer::diffId).collect(Collectors.toCollection(HashSet::new));
        content.add(imageId);
        return content;
    }

    /// The unpacked trees, top layer first, as an overlay takes its lower directories.
    public List<Path> layerTrees() {
        return layers.reversed().stream().map(Layer::tree).toList();
    }

    /// Whether it has not been closed.
    public boolean isOpen() {
        return !closed.get();
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            release.run();
        }
    }
}
