package dev.gantry.store.files;

import dev.gantry.kernel.Errno;
import dev.gantry.kernel.ExtendedAttributes;
import dev.gantry.kernel.FileAttributes;
import dev.gantry.kernel.FileStatus;
import dev.gantry.kernel.FileType;
import dev.gantry.kernel.KernelException;
import dev.gantry.kernel.OwnedFd;
import dev.gantry.kernel.SafeDirectory;
import dev.gantry.oci.MalformedException;
import dev.gantry.store.tar.Names;
import dev.gantry.store.tar.TarEntry;
import dev.gantry.store.tar.TarEntry.Ownership;
import dev.gantry.store.tar.TarReader;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Unpacks an archive into a directory of a [MountedTree], by the rules of `docker cp`: directories are
/// merged, everything else is replaced, and what exists is entered through its symbolic links, within the
/// tree.
public final class TreeExtractor {
    private static final int PRIVATE = 0600;
    private static final int PRIVATE_DIRECTORY = 0700;
    private static final int MISSING_PARENT = 0755;
    private static final Set<Errno> NO_ATTRIBUTE = Set.of(Errno.EOPNOTSUPP, Errno.EPERM);

    private final MountedTree tree;
    private final String destination;
    private final Rules rules;
    private final Map<String, Instant> directoryTimes = new LinkedHashMap<>();
    private final byte[] buffer = new byte[128 << 10];

    /// How it is unpacked.
    ///
    /// @param keepTypes refuses to replace a directory by something else, and the other way round
    /// @param owner of everything; null is whom the archive names
    /// @param owners from the archive's to the host's
    public record Rules(boolean keepTypes, @Nullable Ownership owner, OwnerMap owners) {}

    /// @param destination a directory; its path without links
    public TreeExtractor(MountedTree tree, String destination, Rules rules) {
        this.tree = tree;
        this.destination = destination.equals("/") ? "" : destination;
        this.rules = rules;
    }

    /// Reads the archive to its end.
    ///
    /// @throws MalformedException if the archive is malformed, or a name in it leads out of the destination
    public void extract(TarReader archive) throws IOException {
        for (TarEntry entry = archive.next(); entry != null; entry = archive.next()) {
            List<String> components = within(entry.name());
            if (!components.isEmpty()) {
                unpack(entry, components, archive);
            }
        }
        for (Map.Entry<String, Instant> directory : directoryTimes.entrySet()) {
            Optional<Node> made = tree.find(directory.getKey(), false);
            if (made.isPresent()) {
                try (Node node = made.get()) {
                    if (node.isDirectory()) {
                        FileAttributes.times(node.descriptor(), directory.getValue(), directory.getValue());
                    }
                }
            }
        }
    }

    private List<String> within(String name) throws MalformedException {
        try {
            return Names.components(name);
        } catch (MalformedException e) {
            String place = destination.isEmpty() ? "/" : destination;
            throw name.contains("..")
                    ? new MalformedException("\"%s\" is outside of \"%s\"".formatted(name, place), e)
                    : e;
        }
    }

    private void unpack(TarEntry entry, List<String> components, TarReader archive) throws IOException {
        String name = components.getLast();
        try (Node parent = parent(components.subList(0, components.size() - 1));
                SafeDirectory directory = parent.directory()) {
            boolean present = makeRoom(entry, parent, directory, name);
            if (entry.type() == TarEntry.Type.HARD_LINK) {
                link(entry, directory, name);
            } else if (entry.type() == TarEntry.Type.FILE) {
                write(entry, directory, name, archive);
            } else {
                if (!present) {
                    make(entry, directory, name);
                }
                try (Node made = parent.child(name)) {
                    requireType(entry, made);
                    attributes(entry, made.descriptor());
                    if (made.isDirectory()) {
                        directoryTimes.put(made.path(), entry.modified());
                    }
                }
            }
        }
    }

    /// The directory that an entry lies in, made where it is missing.
    private Node parent(List<String> components) throws IOException {
        String path = destination + "/" + String.join("/", components);
        Optional<Node> found = tree.find(path, true);
        if (found.isPresent()) {
            return found.get();
        }
        Node here = tree.resolve(destination + "/", true);
        for (String component : components) {
            try (Node above = here) {
                here = entered(above, component);
            }
        }
        return here;
    }

    private Node entered(Node above, String name) throws IOException {
        Optional<Node> found = tree.find(above.path() + "/" + name, true);
        if (found.isPresent()) {
            return found.get();
        }
        try (SafeDirectory directory = above.directory()) {
            directory.createDirectory(name, MISSING_PARENT);
        }
        Node made = above.child(name);
        Ownership root = rules.owners().of(0, 0);
        FileAttributes.chown(made.descriptor(), root.uid(), root.gid());
        return made;
    }

    /// Removes what has the entry's name, unless both are directories.
    ///
    /// @return whether a directory is there
    private boolean makeRoom(TarEntry entry, Node parent, SafeDirectory directory, String name) throws IOException {
        boolean wanted = entry.type() == TarEntry.Type.DIRECTORY;
        Optional<Node> found = parent.find(name);
        if (found.isEmpty()) {
            return false;
        }
        try (Node existing = found.get()) {
            boolean present = existing.isDirectory();
            if (rules.keepTypes() && present != wanted) {
                throw new TypeConflictException(
                        present
                                ? "cannot overwrite directory \"%s\" with non-directory \"%s\""
                                        .formatted(existing.path(), parent.path())
                                : "cannot overwrite non-directory \"%s\" with directory \"%s\""
                                        .formatted(existing.path(), parent.path()));
            }
            if (present && wanted) {
                return true;
            }
            if (existing.hasMounts()) {
                throw new KernelException("unlinkat", existing.path(), Errno.EBUSY);
            }
            directory.openPathHere(name).close(); // EXDEV where the container itself has mounted something
            directory.removeTree(name);
            return false;
        }
    }

    private static void make(TarEntry entry, SafeDirectory directory, String name) throws IOException {
        switch (entry.type()) {
            case DIRECTORY -> directory.createDirectory(name, PRIVATE_DIRECTORY);
            case SYMLINK -> directory.createSymlink(entry.linkName(), name);
            case CHARACTER_DEVICE, BLOCK_DEVICE, FIFO ->
                directory.createNode(
                        name,
                        special(entry.type()),
                        PRIVATE,
                        new FileStatus.Device(
                                entry.device().major(), entry.device().minor()));
            case FILE, HARD_LINK -> throw new AssertionError("made elsewhere");
        }
    }

    /// Somebody in the container may have put something else there since.
    private static void requireType(TarEntry entry, Node made) throws KernelException {
        FileType wanted = switch (entry.type()) {
            case DIRECTORY -> FileType.DIRECTORY;
            case SYMLINK -> FileType.SYMLINK;
            case FILE, HARD_LINK -> FileType.REGULAR;
            case CHARACTER_DEVICE, BLOCK_DEVICE, FIFO -> special(entry.type());
        };
        if (made.status().type() != wanted) {
            throw new KernelException("attributes of", made.path(), Errno.EBUSY, "it has been exchanged");
        }
    }

    private static FileType special(TarEntry.Type type) {
        return switch (type) {
            case CHARACTER_DEVICE -> FileType.CHARACTER_DEVICE;
            case BLOCK_DEVICE -> FileType.BLOCK_DEVICE;
            case FIFO, FILE, DIRECTORY, SYMLINK, HARD_LINK -> FileType.FIFO;
        };
    }

    private void link(TarEntry entry, SafeDirectory directory, String name) throws IOException {
        List<String> target = within(entry.linkName());
        if (target.isEmpty()) {
            throw new MalformedException("invalid hardlink \"%s\" -> \"%s\"".formatted(entry.name(), entry.linkName()));
        }
        try (Node existing = tree.resolve(destination + "/" + String.join("/", target), false)) {
            directory.createHardLink(existing.descriptor(), name);
        }
    }

    private void write(TarEntry entry, SafeDirectory directory, String name, TarReader archive) throws IOException {
        try (OwnedFd file = directory.createFile(name, PRIVATE);
                OutputStream out = file.output()) {
            for (TarEntry.Extent extent : entry.extents()) {
                file.seek(extent.offset());
                copy(archive, out, extent.length());
            }
            file.truncate(entry.size());
            attributes(entry, file);
        }
    }

    private void copy(TarReader archive, OutputStream out, long length) throws IOException {
        for (long left = length; left > 0; ) {
            int count = archive.read(buffer, (int) Math.min(left, buffer.length));
            out.write(buffer, 0, count);
            left -= count;
        }
    }

    // chown(2) clears set-user-ID and file capabilities, so owner first; every change but the last sets the time
    private void attributes(TarEntry entry, OwnedFd file) throws IOException {
        Ownership owner = rules.owner() == null ? entry.owner() : rules.owner();
        Ownership mapped = rules.owners().of(owner.uid(), owner.gid());
        FileAttributes.chown(file, mapped.uid(), mapped.gid());
        for (Map.Entry<String, TarEntry.Xattr> xattr : entry.xattrs().entrySet()) {
            if (!Node.isOverlays(xattr.getKey())) {
                setXattr(file, xattr.getKey(), xattr.getValue().value());
            }
        }
        if (entry.type() != TarEntry.Type.SYMLINK) {
            FileAttributes.chmod(file, entry.mode());
        }
        FileAttributes.times(file, entry.modified(), entry.modified());
    }

    private static void setXattr(OwnedFd file, String name, byte[] value) throws KernelException {
        try {
            ExtendedAttributes.set(file, name, value);
        } catch (KernelException e) {
            if (!NO_ATTRIBUTE.contains(e.errno())) {
                throw e;
            }
            // as Docker: not every file system takes every attribute
        }
    }
}
