package dev.gantry.store.files;

import dev.gantry.kernel.Errno;
import dev.gantry.kernel.KernelException;
import dev.gantry.store.tar.TarWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Optional;
import java.util.Set;

/// A file, or a directory with all that is in it, as a tar archive: names in order, so that equal trees
/// give equal bytes. What vanishes while it is read is left out.
public final class TreeArchive {
    private static final Set<Errno> NOT_PART_OF_IT = Set.of(Errno.ENOENT, Errno.EXDEV);

    private final TarWriter tar;
    private final FileEntries entries;

    /// @param out buffered by the caller
    public TreeArchive(OutputStream out, OwnerMap owners) {
        tar = new TarWriter(out);
        entries = new FileEntries(tar, owners);
    }

    /// Writes a file with what is in it.
    ///
    /// @param name in the archive; the names of what is in a directory begin with it
    public void add(Node file, String name) throws IOException {
        if (entries.add(file, name) && file.isDirectory()) {
            addContent(file, name.endsWith("/") ? name : name + "/");
        }
    }

    /// Writes what is in a directory, without itself.
    ///
    /// @param prefix what all names begin with
    public void addContent(Node directory, String prefix) throws IOException {
        for (String name : directory.names()) {
            Optional<Node> found = look(directory, name);
            if (found.isPresent()) {
                try (Node child = found.get()) {
                    add(child, prefix + name);
                }
            }
        }
    }

    /// Ends the archive.
    public void finish() throws IOException {
        tar.finish();
    }

    private static Optional<Node> look(Node directory, String name) throws KernelException {
        try {
            return directory.find(name);
        } catch (KernelException e) {
            if (NOT_PART_OF_IT.contains(e.errno())) {
                return Optional.empty();
            }
            throw e;
        }
    }
}
