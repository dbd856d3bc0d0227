package dev.gantry.store.files;

import dev.gantry.store.tar.TarWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What an overlay's upper directory changes as a layer (OCI image specification, "Image Layer Filesystem
/// Changeset"): added and modified files with all their attributes, whiteouts, opaque directories. Equal
/// directories give equal bytes.
public final class LayerArchive {
    private static final String WHITEOUT = ".wh.";
    private static final String OPAQUE = ".wh..wh..opq";

    private LayerArchive() {}

    /// Writes the layer.
    ///
    /// @param upper and the layers are directories that the engine has made
    /// @param out buffered by the caller
    public static void write(Path upper, List<Path> layersTopFirst, OutputStream out) throws IOException {
        TarWriter tar = new TarWriter(out);
        Differences.tell(upper, layersTopFirst, new Writer(new FileEntries(tar, OwnerMap.SAME)));
        tar.finish();
    }

    /// As above, to be read while another thread writes it. To be closed.
    public static InputStream stream(Path upper, List<Path> layersTopFirst) throws IOException {
        return ProducedStream.of(out -> write(upper, layersTopFirst, out));
    }

    private static final class Writer implements Differences.Sink {
        private final FileEntries entries;
        /// Directories that are written with the first thing in them, the innermost last.
        private final Deque<Node> waiting = new ArrayDeque<>();

        Writer(FileEntries entries) {
            this.entries = entries;
        }

        @Override
        public void enter(Node directory, @Nullable ChangeKind kind, boolean touched, boolean hiding)
                throws IOException {
            waiting.add(directory);
            if (kind != null || touched || hiding) {
                flush();
            }
            if (hiding) {
                entries.mark(
                        directory,
                        name(directory) + "/" + OPAQUE,
                        directory.status().mode() & 0777);
            }
        }

        @Override
        public void leave() {
            Node _ = waiting.pollLast();
        }

        @Override
        public void file(Node file, @Nullable ChangeKind kind) throws IOException {
            flush();
            if (kind == ChangeKind.DELETED) {
                String name = name(file);
                int base = name.lastIndexOf('/') + 1;
                entries.mark(file, name.substring(0, base) + WHITEOUT + name.substring(base), 0600);
            } else {
                boolean _ = entries.add(file, name(file));
            }
        }

        @Override
        public void hidden(String path) {
            // its directory says so
        }

        private void flush() throws IOException {
            for (Node directory : waiting) {
                boolean _ = entries.add(directory, name(directory));
            }
            waiting.clear();
        }

        private static String name(Node file) {
            return file.path().substring(1);
        }
    }
}
