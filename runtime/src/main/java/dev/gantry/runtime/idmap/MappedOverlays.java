package dev.gantry.runtime.idmap;

import dev.gantry.kernel.Mounts;
import dev.gantry.kernel.OwnedFd;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Overlays whose files belong to the users of a user namespace, although on the disk they belong to those of the
/// image:
/// every layer is a detached mount that shows its owners through the maps, so nothing is copied or changed. Kernel
/// 6.18;
/// older ones take no detached layers.
public final class MappedOverlays {
    private MappedOverlays() {}

    /// Mounts one, which nobody sees.
    ///
    /// @param upper and `work` lie in the same directory
    public static OwnedFd mount(List<Path> lowerTopFirst, Path upper, Path work, Owner owner) throws IOException {
        Path parent = upper.toAbsolutePath().getParent();
        if (parent == null || !parent.equals(work.toAbsolutePath().getParent())) {
            throw new IllegalArgumentException(upper + " and " + work + " are not in one directory");
        }
        List<OwnedFd> opened = new ArrayList<>();
        try {
            for (Path layer : lowerTopFirst) {
                opened.add(mapped(layer, owner.userNamespace()));
            }
            opened.add(mapped(parent, owner.userNamespace()));
            return Mounts.overlay(
                    opened.subList(0, opened.size() - 1),
                    new Mounts.Changes(
                            opened.getLast(),
                            String.valueOf(upper.getFileName()),
                            String.valueOf(work.getFileName()),
                            owner.maps().hostUid(0).orElse(0),
                            owner.maps().hostGid(0).orElse(0)));
        } finally {
            opened.forEach(OwnedFd::close);
        }
    }

    /// Whose the files are.
    ///
    /// @param userNamespace with these maps
    public record Owner(IdMaps maps, OwnedFd userNamespace) {
        /// The owner by maps.
        public static Owner of(IdMaps maps, UserNamespaces namespaces) throws IOException {
            return new Owner(maps, namespaces.of(maps));
        }
    }

    private static OwnedFd mapped(Path directory, OwnedFd userNamespace) throws IOException {
        OwnedFd tree = Mounts.openTree(directory, false);
        try {
            Mounts.mapIds(tree, userNamespace, false);
            return tree;
        } catch (IOException | RuntimeException e) {
            tree.close();
            throw e;
        }
    }
}
