package dev.gantry.store;

import dev.gantry.kernel.FileStatus;
import dev.gantry.kernel.SafeDirectory;
import dev.gantry.kernel.tree.TreeUsage;
import dev.gantry.oci.Digest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What a store takes on the disk at one moment, in bytes that the file system has allocated: as du(1) counts.
///
/// @param total everything below the store's root, unfinished work too
/// @param layers unpacked layers by diff ID
/// @param blobs manifests, configurations and layers as they came, by digest
public record StoreUsage(long total, Map<Digest, Long> layers, Map<Digest, Long> blobs) {
    private static final String LAYERS = "layers";

    public StoreUsage {
        layers = Map.copyOf(layers);
        blobs = Map.copyOf(blobs);
    }

    /// What has that digest: a blob, a layer, or both, for a layer that came uncompressed.
    public long of(Digest digest) {
        return layers.getOrDefault(digest, 0L) + blobs.getOrDefault(digest, 0L);
    }

    /// All that has one of these digests.
    public long of(Set<Digest> digests) {
        return digests.stream().mapToLong(this::of).sum();
    }

    /// Looks at every blob; a layer's tree is walked once and remembered beside it, for it never changes.
    static StoreUsage measure(StoreState state) throws IOException {
        Map<Digest, Long> layers = new HashMap<>();
        for (Digest each : state.layers.list()) {
            layers.put(each, state.layers.allocated(each));
        }
        Map<Digest, Long> blobs = new HashMap<>();
        for (Digest each : state.blobs.list()) {
            blobs.put(each, allocated(state.blobs.path(each)));
        }
        long total = layers.values().stream().mapToLong(Long::longValue).sum();
        return new StoreUsage(total + besides(state.root), layers, blobs);
    }

    /// Everything but the layers in place.
    private static long besides(Path root) throws IOException {
        try (SafeDirectory directory = SafeDirectory.open(root)) {
            long bytes = FileStatus.of(directory.descriptor()).allocated()
                    + directory.status(LAYERS).allocated();
            for (String name : directory.list("/")) {
                bytes += name.equals(LAYERS) ? 0 : allocated(directory, name);
            }
            return bytes;
        }
    }

    private static long allocated(SafeDirectory directory, String name) throws IOException {
        FileStatus status = directory.statusNoFollow(name);
        if (!status.isDirectory()) {
            return status.allocated();
        }
        try (SafeDirectory below = directory.openDirectory(name)) {
            return TreeUsage.of(below).allocated();
        }
    }

    private static long allocated(Path blob) throws IOException {
        try (SafeDirectory directory = SafeDirectory.open(Durable.parent(blob))) {
            // one that was deleted since the listing takes nothing
            Optional<FileStatus> status = directory.findStatusNoFollow(String.valueOf(blob.getFileName()));
            return status.map(FileStatus::allocated).orElse(0L);
        }
    }
}
