package dev.gantry.store;

import dev.gantry.store.space.FullDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/// Names for unfinished work, on the store's own file system so that finished work can be renamed into place.
/// Everything here is deleted when the store opens.
final class TemporaryFiles {
    private final Path directory;
    /// What somebody works on, from its making to its deletion.
    private final Set<Path> used = ConcurrentHashMap.newKeySet();

    TemporaryFiles(Path directory) throws IOException {
        this.directory = directory;
        Durable.directory(directory, "rwx------");
        try (SafeTree tree = SafeTree.open(directory)) {
            for (String name : tree.list(".")) {
                tree.removeTree(name);
            }
        }
    }

    /// Where all of them lie.
    Path root() {
        return directory;
    }

    /// A new name for what is renamed away at once, under the store's lock.
    Path file() {
        return directory.resolve(UUID.randomUUID().toString());
    }

    /// A new name for what is to be deleted.
    Path rubbish() {
        Path name = file();
        used.add(name);
        return name;
    }

    /// A new, empty directory.
    Path directory() throws IOException {
        Path made = rubbish();
        try {
            Durable.directory(made, "rwx------");
            return made;
        } catch (IOException e) {
            delete(made);
            throw FullDisk.explained(e, directory);
        }
    }

    /// What nobody works on. With the store's lock held.
    List<Path> leftovers() throws IOException {
        try (Stream<Path> all = Files.list(directory)) {
            return all.filter(each -> !used.contains(each))
                    // it may have been deleted since it was listed
                    .filter(each -> Files.exists(each, LinkOption.NOFOLLOW_LINKS))
                    .toList();
        }
    }

    /// Deletes a name of [#file()] or [#directory()] and what it contains; nothing if it is gone. Trees of layers are
    /// hostile: they are removed beneath a descriptor.
    void delete(Path file) throws IOException {
        if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            try (SafeTree tree = SafeTree.open(directory)) {
                tree.removeTree(String.valueOf(file.getFileName()));
            }
        }
        used.remove(file);
    }
}
