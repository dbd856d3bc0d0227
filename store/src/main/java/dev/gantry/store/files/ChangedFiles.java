package dev.gantry.store.files;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The list of files that an overlay's upper directory changes, by Docker's rules: a directory counts as
/// modified with its mode and owner, or when something below it has changed.
public final class ChangedFiles {
    private ChangedFiles() {}

    /// A changed file.
    ///
    /// @param path absolute
    public record Change(ChangeKind kind, String path) {}

    /// In the order of their paths.
    ///
    /// @param upper and the layers are directories that the engine has made
    public static List<Change> of(Path upper, List<Path> layersTopFirst) throws IOException {
        Collector collector = new Collector();
        Differences.tell(upper, layersTopFirst, collector);
        return collector.changes;
    }

    private static final class Collector implements Differences.Sink {
        private final List<Change> changes = new ArrayList<>();
        /// Directories that are told of with the first thing in them, the innermost last.
        private final Deque<String> waiting = new ArrayDeque<>();

        @Override
        public void enter(Node directory, @Nullable ChangeKind kind, boolean touched, boolean hiding) {
            if (kind == null) {
                waiting.add(directory.path());
            } else {
                tell(kind, directory.path());
            }
        }

        @Override
        public void leave() {
            String _ = waiting.pollLast();
        }

        @Override
        public void file(Node file, @Nullable ChangeKind kind) {
            if (kind != null) {
                tell(kind, file.path());
            }
        }

        @Override
        public void hidden(String path) {
            tell(ChangeKind.DELETED, path);
        }

        private void tell(ChangeKind kind, String path) {
            waiting.forEach(directory -> changes.add(new Change(ChangeKind.MODIFIED, directory)));
            waiting.clear();
            changes.add(new Change(kind, path));
        }
    }
}
