package dev.gantry.store;

import dev.gantry.kernel.Errno;
import dev.gantry.kernel.FileStatus;
import dev.gantry.kernel.FileType;
import dev.gantry.kernel.HostFiles;
import dev.gantry.kernel.KernelException;
import dev.gantry.kernel.OpenMode;
import dev.gantry.kernel.OwnedFd;
import dev.gantry.kernel.SafeDirectory;
import dev.gantry.store.tar.TarEntry;
import dev.gantry.store.tar.Tree;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A layer's tree on disk: every name is resolved beneath one descriptor.
final class SafeTree implements Tree, AutoCloseable {
    private static final int PRIVATE = 0600;
    private static final int PRIVATE_DIRECTORY = 0700;

    /// Errors that mean "this file system, or its rules for this type of file, know no such attribute" (setxattr(2)).
    private static final Set<Errno> NO_ATTRIBUTE = Set.of(Errno.EOPNOTSUPP, Errno.EPERM);

    private static final String ROOT = ".";

    private final SafeDirectory root;
    private final Path trusted;

    /// The directory of the last path: archives name the files of a directory one after the other.
    private String parentPath = "";

    private @Nullable SafeDirectory parent;

    private SafeTree(SafeDirectory root, Path trusted) {
        this.root = root;
        this.trusted = trusted;
    }

    /// @param trusted a directory of the store itself
    static SafeTree open(Path trusted) throws IOException {
        return new SafeTree(SafeDirectory.open(trusted), trusted);
    }

    /// Makes everything that was written to the store's file system durable (syncfs(2)).
    static void syncFileSystem(Path trusted) throws IOException {
        HostFiles.syncFileSystem(trusted);
    }

    @Override
    public Optional<Status> status(String path) throws IOException {
        int slash = path.lastIndexOf('/');
        if (slash > 0 && path.substring(0, slash).equals(parentPath)) {
            return parent(path).findStatusNoFollow(name(path)).map(SafeTree::status);
        }
        return root.findStatusNoFollow(path).map(SafeTree::status);
    }

    /// The directory that a path's last component is in.
    private SafeDirectory parent(String path) throws IOException {
        int slash = path.lastIndexOf('/');
        if (slash <= 0) {
            return root;
        }
        String wanted = path.substring(0, slash);
        if (parent == null || !wanted.equals(parentPath)) {
            forget();
            parent = root.openDirectory(wanted);
            parentPath = wanted;
        }
        return parent;
    }

    private static String name(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    private void forget() {
        if (parent != null) {
            parent.close();
            parent = null;
            parentPath = "";
        }
    }

    private static Status status(FileStatus found) {
        return new Status(
                type(found.type()),
                new TarEntry.Ownership(found.uid(), found.gid()),
                found.mode(),
                found.size(),
                found.inode(),
                found.links(),
                new TarEntry.Device(found.special().major(), found.special().minor()),
                found.modified());
    }

    // a socket is never made from an archive; one that appears in a layer's tree is a change like any other
    private static TarEntry.Type type(FileType type) {
        return switch (type) {
            case REGULAR -> TarEntry.Type.FILE;
            case DIRECTORY -> TarEntry.Type.DIRECTORY;
            case SYMLINK -> TarEntry.Type.SYMLINK;
            case CHARACTER_DEVICE -> TarEntry.Type.CHARACTER_DEVICE;
            case BLOCK_DEVICE -> TarEntry.Type.BLOCK_DEVICE;
            case FIFO, SOCKET -> TarEntry.Type.FIFO;
        };
    }

    @Override
    public NewFile createFile(String path) throws IOException {
        return new SafeFile(parent(path).createFile(name(path), PRIVATE));
    }

    @Override
    public void createDirectory(String path) throws IOException {
        parent(path).createDirectory(name(path), PRIVATE_DIRECTORY);
    }

    @Override
    public void createSymlink(String path, String target) throws IOException {
        parent(path).createSymlink(target, name(path));
    }

    @Override
    public void createHardLink(String path, String existing) throws IOException {
        root.createHardLink(existing, path);
    }

    @Override
    public void createSpecial(String path, TarEntry.Type type, TarEntry.Device device) throws IOException {
        FileType special = switch (type) {
            case CHARACTER_DEVICE -> FileType.CHARACTER_DEVICE;
            case BLOCK_DEVICE -> FileType.BLOCK_DEVICE;
            case FIFO -> FileType.FIFO;
            case FILE, DIRECTORY, SYMLINK, HARD_LINK ->
                throw new IllegalArgumentException(type + " is no special file");
        };
        parent(path).createNode(name(path), special, PRIVATE, new FileStatus.Device(device.major(), device.minor()));
    }

    @Override
    public void removeTree(String path) throws IOException {
        root.removeTree(path);
        forget();
    }

    @Override
    public void setOwner(String path, TarEntry.Ownership owner) throws IOException {
        parent(path).chown(name(path), owner.uid(), owner.gid());
    }

    @Override
    public void setMode(String path, int mode) throws IOException {
        parent(path).chmod(name(path), mode);
    }

    @Override
    public void setModified(String path, Instant modified) throws IOException {
        if (!path.equals(ROOT)) {
            parent(path).setTimes(name(path), modified, modified);
            return;
        }
        // the tree's own root is a directory that the store made, so its name in the directory above may be used
        try (SafeDirectory above = SafeDirectory.open(above())) {
            above.setTimes(String.valueOf(trusted.getFileName()), modified, modified);
        }
    }

    private Path above() throws IOException {
        Path parent = trusted.getParent();
        if (parent == null) {
            throw new IOException(trusted + " has no parent");
        }
        return parent;
    }

    @Override
    public boolean setXattr(String path, String name, byte[] value) throws IOException {
        try {
            parent(path).setXattr(name(path), name, value);
            return true;
        } catch (KernelException e) {
            if (NO_ATTRIBUTE.contains(e.errno())) {
                return false;
            }
            throw e;
        }
    }

    @Override
    public List<String> list(String path) throws IOException {
        return root.list(path);
    }

    @Override
    public String readSymlink(String path) throws IOException {
        return root.readSymlink(path);
    }

    @Override
    public Map<String, TarEntry.Xattr> xattrs(String path) throws IOException {
        Map<String, TarEntry.Xattr> xattrs = new LinkedHashMap<>();
        for (String name : root.listXattrs(path)) {
            root.getXattr(path, name).ifPresent(value -> xattrs.put(name, TarEntry.Xattr.of(value)));
        }
        return xattrs;
    }

    @Override
    public OldFile read(String path) throws IOException {
        return new Content(root.openFile(path, OpenMode.READ));
    }

    @Override
    public void close() {
        forget();
        root.close();
    }

    /// A file that is read.
    private record Content(OwnedFd file, InputStream in) implements OldFile {
        Content(OwnedFd file) {
            this(file, file.input());
        }

        @Override
        public OptionalLong nextContent(long position) throws IOException {
            return file.nextData(position);
        }

        @Override
        public int read(long position, byte[] bytes, int offset, int length) throws IOException {
            file.seek(position);
            return in.read(bytes, offset, length);
        }

        @Override
        public void close() {
            file.close();
        }
    }

    /// A file in the making; the stream's close closes the descriptor.
    private static final class SafeFile implements NewFile {
        private final OwnedFd fd;
        private final OutputStream out;

        SafeFile(OwnedFd fd) {
            this.fd = fd;
            out = fd.output();
        }

        @Override
        public void write(byte[] bytes, int length) throws IOException {
            out.write(bytes, 0, length);
        }

        @Override
        public void seek(long offset) throws IOException {
            fd.seek(offset);
        }

        @Override
        public void truncate(long size) throws IOException {
            fd.truncate(size);
        }

        @Override
        public void close() throws IOException {
            out.close();
        }
    }
}
