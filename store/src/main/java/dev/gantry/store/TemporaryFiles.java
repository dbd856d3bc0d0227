package dev.gantry.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.UUID;

/// Names for unfinished work, on the store's own file system so that finished work can be renamed into place.
/// Everything here is deleted when the store opens.
final class TemporaryFiles {
    private final Path directory;

    TemporaryFiles(Path directory) throws IOException {
        this.directory = directory;
        Durable.directory(directory, "rwx------");
        try (SafeTree tree = SafeTree.open(directory)) {
            for (String name : tree.list(".")) {
                tree.removeTree(name);
            }
        }
    }

    /// A new name.
    Path file() {
        return directory.resolve(UUID.randomUUID().toString());
    }

    /// A new, empty directory.
    Path directory() throws IOException {
        Path made = file();
        Durable.directory(made, "rwx------");
        return made;
    }

    /// Deletes a name of [#file()] or [#directory()] and what it contains; nothing if it is gone. Trees of layers are
    /// hostile: they are removed beneath a descriptor.
    void delete(Path file) throws IOException {
        if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            try (SafeTree tree = SafeTree.open(directory)) {
                tree.removeTree(String.valueOf(file.getFileName()));
            }
        }
    }
}
