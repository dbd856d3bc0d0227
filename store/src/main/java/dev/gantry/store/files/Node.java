package dev.gantry.store.files;

import dev.gantry.kernel.Errno;
import dev.gantry.kernel.ExtendedAttributes;
import dev.gantry.kernel.FileStatus;
import dev.gantry.kernel.FileType;
import dev.gantry.kernel.KernelException;
import dev.gantry.kernel.OpenMode;
import dev.gantry.kernel.OwnedFd;
import dev.gantry.kernel.SafeDirectory;
import dev.gantry.store.tar.TarEntry;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/// A file of any type in a [MountedTree], held by a descriptor: it stays this file, whatever happens to its
/// name.
public final class Node implements AutoCloseable {
    private final MountedTree tree;
    private final String path;
    private final OwnedFd file;
    private final FileStatus status;
    private final boolean inMount;

    /// @param path where it was found, without links; empty for the root
    /// @param file closed with this
    /// @param inMount whether it is part of something that is mounted in the tree
    Node(MountedTree tree, String path, OwnedFd file, boolean inMount) throws KernelException {
        this.tree = tree;
        this.path = path;
        this.file = file;
        this.inMount = inMount;
        this.status = statusOf(file);
    }

    private static FileStatus statusOf(OwnedFd file) throws KernelException {
        boolean known = false;
        try {
            FileStatus status = FileStatus.of(file);
            known = true;
            return status;
        } finally {
            if (!known) {
                file.close();
            }
        }
    }

    /// Where it was found, without links; empty for the root.
    public String path() {
        return path;
    }

    public FileStatus status() {
        return status;
    }

    public boolean isDirectory() {
        return status.isDirectory();
    }

    /// Whether it is part of something that is mounted in the tree.
    public boolean isMounted() {
        return inMount;
    }

    /// The descriptor, which neither reads nor writes; stays owned by this.
    public OwnedFd descriptor() {
        return file;
    }

    /// A file in this directory, itself and not what it links to.
    ///
    /// @throws KernelException ENOENT if there is none; EXDEV if something is mounted there that is not of
    ///     this tree
    public Node child(String name) throws KernelException {
        String at = path + "/" + name;
        Optional<OwnedFd> mounted = tree.mounted(at);
        if (mounted.isPresent()) {
            return new Node(tree, at, mounted.get().duplicate(), true);
        }
        try (SafeDirectory here = directory()) {
            // of what is bound with its submounts, those belong to it
            return new Node(tree, at, inMount ? here.openPath(name, false) : here.openPathHere(name), inMount);
        }
    }

    /// As above, empty if there is none.
    public Optional<Node> find(String name) throws KernelException {
        try {
            return Optional.of(child(name));
        } catch (KernelException e) {
            if (e.errno().equals(Errno.ENOENT)) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /// The names in this directory, sorted.
    public SortedSet<String> names() throws KernelException {
        try (SafeDirectory here = directory()) {
            SortedSet<String> names = new TreeSet<>(here.list("/"));
            names.addAll(tree.mountedIn(path));
            return names;
        }
    }

    /// This directory as a place to make files in; to be closed.
    public SafeDirectory directory() throws KernelException {
        return SafeDirectory.of(file.duplicate());
    }

    /// Opens this regular file, for reading.
    public OwnedFd read() throws KernelException {
        if (status.type() != FileType.REGULAR) {
            throw new KernelException("read", path, Errno.EINVAL, "it is not a regular file");
        }
        return file.reopen(OpenMode.READ);
    }

    /// What this symbolic link says.
    public String linkTarget() throws KernelException {
        return file.linkTarget();
    }

    /// Its extended attributes, without those that an overlay makes for itself.
    public Map<String, TarEntry.Xattr> xattrs() throws KernelException {
        Map<String, TarEntry.Xattr> xattrs = new TreeMap<>();
        for (String name : ExtendedAttributes.list(file)) {
            if (!isOverlays(name)) {
                ExtendedAttributes.get(file, name).ifPresent(value -> xattrs.put(name, TarEntry.Xattr.of(value)));
            }
        }
        return xattrs;
    }

    static boolean isOverlays(String xattr) {
        return xattr.startsWith("trusted.overlay.") || xattr.startsWith("user.overlay.");
    }

    /// Whether something is mounted here, or below, that its removal would take away.
    boolean hasMounts() {
        return tree.hasMounts(path);
    }

    @Override
    public void close() {
        file.close();
    }
}
