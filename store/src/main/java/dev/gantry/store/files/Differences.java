package dev.gantry.store.files;

import dev.gantry.kernel.FileStatus;
import dev.gantry.kernel.FileType;
import dev.gantry.kernel.SafeDirectory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;

/// What an overlay's upper directory changes in the layers below it.
///
/// The upper directory is read as it lies on the disk, also while it is part of a mount. What the engine
/// itself puts there to mount something on (Docker has it in a layer of its own) is no change of the
/// container's.
final class Differences {
    /// Docker's list (`initlayer`), and what is above.
    private static final Set<String> ENGINES_OWN = Set.of(
            "/.dockerenv",
            "/dev",
            "/dev/console",
            "/dev/pts",
            "/dev/shm",
            "/etc",
            "/etc/hostname",
            "/etc/hosts",
            "/etc/mtab",
            "/etc/resolv.conf",
            "/proc",
            "/sys");

    private final Sink sink;

    /// Takes the differences, in the order of their paths, a directory before what is in it.
    interface Sink {
        /// A directory, and then what is in it.
        ///
        /// @param kind null if its type, mode and owner are as before
        /// @param touched whether its time is another one
        /// @param hiding whether it hides what the layers below have in it
        void enter(Node directory, @Nullable ChangeKind kind, boolean touched, boolean hiding) throws IOException;

        /// The end of the last directory that was entered and not left.
        void leave();

        /// A file that is no directory; of one that was deleted, its mark.
        ///
        /// @param kind null if it is a copy of what it was before
        void file(Node file, @Nullable ChangeKind kind) throws IOException;

        /// A file that the layers below have in a directory that hides it, and has none of that name.
        void hidden(String path) throws IOException;
    }

    private Differences(Sink sink) {
        this.sink = sink;
    }

    /// Tells all of them.
    ///
    /// @param upper as trusted as the layers: directories that the engine has made
    static void tell(Path upper, List<Path> layersTopFirst, Sink sink) throws IOException {
        try (MountedTree tree = MountedTree.of(SafeDirectory.open(upper));
                Node root = tree.root();
                Below below = Below.of(layersTopFirst)) {
            new Differences(sink).directory(root, below, false);
        }
    }

    /// @param hides whether it does so itself, or a directory above does
    private void directory(Node directory, Below below, boolean hides) throws IOException {
        for (String name : names(directory, below, hides)) {
            Optional<Node> found = directory.find(name);
            Optional<Below.Found> former = below.find(name);
            try (Node child = found.orElse(null);
                    Below.Found before = former.orElse(null)) {
                if (child != null) {
                    OverlayMarks.requireWhole(child);
                    tell(child, before, hides);
                } else if (before != null) {
                    sink.hidden(directory.path() + "/" + name);
                }
            }
        }
    }

    private static SortedSet<String> names(Node directory, Below below, boolean hides) throws IOException {
        SortedSet<String> names = directory.names();
        if (hides) {
            names.addAll(below.names());
        }
        return names;
    }

    private void tell(Node child, Below.@Nullable Found before, boolean hidden) throws IOException {
        if (OverlayMarks.isWhiteout(child.status())) {
            if (before != null) {
                sink.file(child, ChangeKind.DELETED);
            }
        } else if (child.isDirectory()) {
            enter(child, before, hidden);
        } else if (before != null) {
            sink.file(child, isCopy(child, before.status()) ? null : ChangeKind.MODIFIED);
        } else if (!isEngines(child)) {
            sink.file(child, ChangeKind.ADDED);
        }
    }

    private static boolean isEngines(Node added) throws IOException {
        return ENGINES_OWN.contains(added.path())
                && (added.isDirectory() || added.status().size() == 0 || isLinkToMounts(added));
    }

    private static boolean isLinkToMounts(Node added) throws IOException {
        return added.status().type() == FileType.SYMLINK && added.linkTarget().equals("/proc/mounts");
    }

    private void enter(Node child, Below.@Nullable Found before, boolean hidden) throws IOException {
        boolean merged = before != null && before.status().isDirectory();
        boolean hiding = merged && !hidden && OverlayMarks.isOpaque(child.descriptor());
        boolean touched = before != null
                && !before.status().modified().equals(child.status().modified())
                && !ENGINES_OWN.contains(child.path());
        sink.enter(child, kind(child, before), touched, hiding);
        if (before != null && merged) {
            directory(child, before.content(), hiding || hidden);
        } else {
            try (Below nothing = Below.nothing()) {
                directory(child, nothing, false);
            }
        }
        sink.leave();
    }

    private static @Nullable ChangeKind kind(Node directory, Below.@Nullable Found before) throws IOException {
        if (before == null) {
            return isEngines(directory) ? null : ChangeKind.ADDED;
        }
        return sameAttributes(directory.status(), before.status()) ? null : ChangeKind.MODIFIED;
    }

    private static boolean sameAttributes(FileStatus now, FileStatus then) {
        return now.type() == then.type()
                && now.mode() == then.mode()
                && now.uid() == then.uid()
                && now.gid() == then.gid();
    }

    private static boolean isCopy(Node file, FileStatus then) {
        FileStatus now = file.status();
        return sameAttributes(now, then)
                && now.size() == then.size()
                && now.special().equals(then.special())
                && now.modified().equals(then.modified());
    }
}
