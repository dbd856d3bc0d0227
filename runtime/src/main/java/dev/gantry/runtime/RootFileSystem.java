package dev.gantry.runtime;

import dev.gantry.oci.runtime.IdMapping;
import java.nio.file.Path;
import java.util.List;

/// Where a container's root file system comes from.
public sealed interface RootFileSystem {
    /// An overlay, mounted for this container alone and visible nowhere else.
    ///
    /// @param lowerTopFirst the image's layers, the topmost first; at least one
    /// @param upper takes the container's changes; owned by one container at a time
    /// @param work an empty directory on the same file system as `upper`
    record Overlay(List<Path> lowerTopFirst, Path upper, Path work) implements RootFileSystem {
        public Overlay {
            lowerTopFirst = List.copyOf(lowerTopFirst);
            if (lowerTopFirst.isEmpty()) {
                throw new IllegalArgumentException("an overlay needs a lower directory");
            }
        }
    }

    /// An overlay as above, whose files belong to the users of a user namespace with these maps.
    ///
    /// @param upper in one directory with `work`
    record MappedOverlay(List<Path> lowerTopFirst, Path upper, Path work, List<IdMapping> uids, List<IdMapping> gids)
            implements RootFileSystem {
        public MappedOverlay {
            lowerTopFirst = List.copyOf(lowerTopFirst);
            uids = List.copyOf(uids);
            gids = List.copyOf(gids);
            if (lowerTopFirst.isEmpty()) {
                throw new IllegalArgumentException("an overlay needs a lower directory");
            }
        }
    }

    /// A directory of the host as it is.
    record Directory(Path path) implements RootFileSystem {}
}
