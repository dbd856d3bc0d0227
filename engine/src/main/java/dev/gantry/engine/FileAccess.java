package dev.gantry.engine;

import dev.gantry.engine.request.CommitRequest;
import dev.gantry.engine.request.ExtractRequest;
import dev.gantry.engine.view.PathStat;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;

/// The files of containers, running or not. A `ref` is a name, an ID or an unambiguous beginning of an ID.
///
/// Paths are the container's: absolute, whatever they begin with, and its symbolic links stay within it.
/// What is mounted there is seen, as far as the container was created with it. Every method throws
/// [EngineException].
public interface FileAccess {
    /// What a path leads to; a link at its end is told of, and where it leads.
    PathStat stat(String ref, String path);

    /// A file, or a directory with what is in it, as a tar archive whose names begin with the last component.
    Archive read(String ref, String path);

    /// Unpacks an archive, which may be compressed, into a directory.
    void extract(String ref, ExtractRequest request);

    /// What the container has changed in its image's files, in the order of the paths.
    List<Change> changes(String ref);

    /// All files of the container, without what is mounted there, as a tar archive.
    Archive export(String ref);

    /// Makes an image of the container.
    ///
    /// @return its ID, `sha256:…`
    String commit(CommitRequest request);

    /// An archive that is to be written. Until it is closed, the container cannot be removed.
    interface Archive extends AutoCloseable {
        /// What it is of.
        PathStat stat();

        /// Writes it, once.
        ///
        /// @throws IOException if `out` takes no more
        void writeTo(OutputStream out) throws IOException;

        @Override
        void close();
    }

    /// A changed file.
    ///
    /// @param path absolute
    record Change(Kind kind, String path) {
        /// What has become of it.
        public enum Kind {
            MODIFIED,
            ADDED,
            DELETED
        }
    }
}
