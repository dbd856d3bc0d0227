package dev.gantry.store.files;

import dev.gantry.kernel.FileStatus;
import dev.gantry.kernel.OwnedFd;
import dev.gantry.kernel.SafeDirectory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/// A directory as the layers below show it: what each of them has in it, the topmost first.
final class Below implements AutoCloseable {
    private final List<SafeDirectory> layers = new ArrayList<>();

    /// A directory that no layer has.
    static Below nothing() {
        return new Below();
    }

    /// The root.
    static Below of(List<Path> trustedTopFirst) throws IOException {
        Below root = new Below();
        boolean opened = false;
        try {
            for (Path layer : trustedTopFirst) {
                root.layers.add(SafeDirectory.open(layer));
            }
            opened = true;
            return root;
        } finally {
            if (!opened) {
                root.close();
            }
        }
    }

    /// A file of this directory.
    ///
    /// @param content of a directory; nothing of another file
    record Found(FileStatus status, Below content) implements AutoCloseable {
        @Override
        public void close() {
            content.close();
        }
    }

    /// What a name stands for, with its whiteouts and opaque directories; to be closed.
    Optional<Found> find(String name) throws IOException {
        FileStatus top = null;
        Below content = new Below();
        for (SafeDirectory layer : layers) {
            Optional<FileStatus> status = layer.findStatusNoFollow(name);
            if (status.isEmpty()) {
                continue;
            }
            boolean directory = status.get().isDirectory();
            if (top == null && !OverlayMarks.isWhiteout(status.get())) {
                top = status.get();
            }
            if (!directory || content.add(layer.openPath(name, false))) {
                break;
            }
        }
        return top == null ? Optional.empty() : Optional.of(new Found(top, content));
    }

    /// Adds what a layer has; says whether it hides what is below.
    private boolean add(OwnedFd directory) throws IOException {
        layers.add(SafeDirectory.of(directory));
        return OverlayMarks.isOpaque(directory);
    }

    /// The names in this directory.
    SortedSet<String> names() throws IOException {
        SortedSet<String> names = new TreeSet<>();
        for (SafeDirectory layer : layers) {
            names.addAll(layer.list("/"));
        }
        return names;
    }

    @Override
    public void close() {
        layers.forEach(SafeDirectory::close);
    }
}
