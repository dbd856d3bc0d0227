package dev.gantry.engine.container;

import dev.gantry.engine.root.InitLayer;
import dev.gantry.kernel.SafeDirectory;
import dev.gantry.kernel.tree.TreeUsage;
import dev.gantry.oci.Digest;
import dev.gantry.store.Layer;
import dev.gantry.store.StoreUsage;
import java.io.IOException;
import java.util.Set;
import java.util.stream.Collectors;

/// How large a container is.
///
/// @param own what is its own
/// @param image what its image brings, which others may share
record DiskUse(long own, long image) {
    /// Bytes of files' contents, as `ps` and `inspect` show them: what the container has written, and its image's.
    static DiskUse ofContent(Container container) throws IOException {
        long image = container.lease().layers().stream().mapToLong(Layer::size).sum();
        try (SafeDirectory upper = SafeDirectory.open(container.files().upper())) {
            return new DiskUse(TreeUsage.of(upper).content() - InitLayer.content(upper), image);
        }
    }

    /// Bytes on the disk: all that goes with the container, its log too, and its image's layers.
    static DiskUse onDisk(Container container, StoreUsage store) throws IOException {
        Set<Digest> layers =
                container.lease().layers().stream().map(Layer::diffId).collect(Collectors.toSet());
        long image = layers.stream()
                .mapToLong(layer -> store.layers().getOrDefault(layer, 0L))
                .sum();
        return new DiskUse(onDisk(container), image);
    }

    /// Bytes on the disk of what goes with the container.
    static long onDisk(Container container) throws IOException {
        try (SafeDirectory directory = SafeDirectory.open(container.files().directory())) {
            return TreeUsage.of(directory).allocated();
        }
    }
}
