package dev.gantry.engine.container;

import dev.gantry.kernel.FileStatus;
import dev.gantry.kernel.SafeDirectory;
import dev.gantry.store.Layer;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;

/// What a container takes on the disk, in bytes of its files' contents.
///
/// @param own what it has written
/// @param image what its image brings, which others may share
record DiskUse(long own, long image) {
    /// Walks a container's own files; what vanishes meanwhile is not counted.
    static DiskUse of(Container container) throws IOException {
        long image = container.lease().layers().stream().mapToLong(Layer::size).sum();
        try (SafeDirectory upper = SafeDirectory.open(container.files().upper())) {
            return new DiskUse(size(upper, "", new HashSet<>()), image);
        }
    }

    private static long size(SafeDirectory tree, String directory, Set<Long> counted) throws IOException {
        long size = 0;
        for (String name : tree.list(directory.isEmpty() ? "/" : directory)) {
            String path = directory + "/" + name;
            FileStatus status = tree.findStatusNoFollow(path).orElse(null);
            if (status == null) {
                continue;
            }
            switch (status.type()) {
                case DIRECTORY -> size += size(tree, path, counted);
                case REGULAR -> size += status.links() == 1 || counted.add(status.inode()) ? status.size() : 0;
                case SYMLINK, CHARACTER_DEVICE, BLOCK_DEVICE, FIFO, SOCKET -> {
                    // no content
                }
            }
        }
        return size;
    }
}
