package dev.gantry.kernel;

import dev.gantry.kernel.Entries.Place;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// A directory tree in which no path can lead outside: the one way to touch a container's files.
///
/// Every path is resolved by openat2(2) with this directory as `/`: absolute paths and symlinks start here, `..`
/// stops here, magic links of /proc are refused. What a call does to the last component it does on the descriptor
/// of the parent or of the file itself, without following a symlink, unless the method says so. A tree that
/// somebody else changes meanwhile can make a call fail or meet another file of the same tree, never one outside
/// (CVE-2018-15664, CVE-2021-30465 and their kin).
///
/// Names are bytes to the kernel: a byte of a name that is not UTF-8 is the lone surrogate U+DC80 to U+DCFF in the
/// strings of this class, and comes back as that byte.
///
/// Thread-safe; holds one descriptor, closed with this object.
public final class SafeDirectory implements AutoCloseable {

    private final OwnedFd root;

    private SafeDirectory(OwnedFd root) {
        this.root = root;
    }

    /// Opens a directory of the host by a path that only Gantry or the administrator decides on.
    public static SafeDirectory open(Path trusted) throws KernelException {
        return of(Resolution.trusted(trusted.toString(), 0, OpenMode.PATH, OpenMode.DIRECTORY));
    }

    /// Takes over a descriptor of a directory or of a detached mount.
    public static SafeDirectory of(OwnedFd directory) {
        return new SafeDirectory(directory);
    }

    /// The descriptor; stays owned by this object.
    public OwnedFd descriptor() {
        return root;
    }

    /// A directory below as a tree of its own: its paths cannot reach this one.
    public SafeDirectory openDirectory(String path) throws KernelException {
        return of(Resolution.inRoot(root, path, 0, OpenMode.PATH, OpenMode.DIRECTORY));
    }

    /// Opens a file; a symlink as last component is followed inside the tree unless [OpenMode#NO_FOLLOW] is given.
    ///
    /// A FIFO or device that lies there could block or act on opening: callers that cannot exclude it check
    /// [#status] first or use [OpenMode#PATH].
    public OwnedFd openFile(String path, OpenMode... modes) throws KernelException {
        return Resolution.inRoot(root, path, 0, modes);
    }

    /// Creates a file that must not exist yet and opens it for writing.
    public OwnedFd createFile(String path, int mode) throws KernelException {
        try (Place place = place(path)) {
            OwnedFd file = Resolution.inRoot(
                    place.directory(), place.name(), mode, OpenMode.WRITE, OpenMode.CREATE, OpenMode.EXCLUSIVE);
            return settled(file, () -> FileAttributes.chmod(file, mode));
        }
    }

    /// A reference to a file, for calls that take a descriptor.
    public OwnedFd openPath(String path, boolean followLast) throws KernelException {
        return followLast
                ? Resolution.inRoot(root, path, 0, OpenMode.PATH)
                : Resolution.inRoot(root, path, 0, OpenMode.PATH, OpenMode.NO_FOLLOW);
    }

    /// A reference to a file that lies in the same mount, itself and not what it links to.
    ///
    /// @throws KernelException EXDEV if something is mounted there, or on the way
    public OwnedFd openPathHere(String path) throws KernelException {
        return Resolution.inRootAndMount(root, path, OpenMode.PATH, OpenMode.NO_FOLLOW);
    }

    /// The content of a regular file of at most `limit` bytes.
    ///
    /// @throws KernelException EFBIG for a longer one, EINVAL for anything but a regular file
    public byte[] readFile(String path, int limit) throws IOException {
        if (status(path).type() != FileType.REGULAR) {
            throw new KernelException("read", path, Errno.EINVAL, "it is not a regular file");
        }
        // non-blocking: the file may have been exchanged for a FIFO since
        try (OwnedFd file = Resolution.inRoot(root, path, 0, OpenMode.READ, OpenMode.NON_BLOCKING);
                InputStream in = file.input()) {
            if (FileStatus.of(file).type() != FileType.REGULAR) {
                throw new KernelException("read", path, Errno.EINVAL, "it is not a regular file");
            }
            byte[] content = in.readNBytes(limit);
            if (in.read() != -1) {
                throw new KernelException("read", path, Errno.EFBIG, "it has more than " + limit + " bytes");
            }
            return content;
        }
    }

    /// Writes a regular file, new or emptied; a symlink as last component is followed inside the tree.
    public void writeFile(String path, byte[] content, int mode) throws IOException {
        try (OwnedFd file =
                        Resolution.inRoot(root, path, mode, OpenMode.WRITE, OpenMode.CREATE, OpenMode.NON_BLOCKING);
                OutputStream out = file.output()) {
            if (FileStatus.of(file).type() != FileType.REGULAR) {
                throw new KernelException("write", path, Errno.EINVAL, "it is not a regular file");
            }
            FileAttributes.truncate(file, 0);
            out.write(content);
        }
    }

    /// Follows symlinks inside the tree.
    public FileStatus status(String path) throws KernelException {
        try (OwnedFd file = openPath(path, true)) {
            return FileStatus.of(file);
        }
    }

    /// The status of the last component itself.
    public FileStatus statusNoFollow(String path) throws KernelException {
        try (OwnedFd file = openPath(path, false)) {
            return FileStatus.of(file);
        }
    }

    /// The status of what has this name in the directory itself: one call, for who walks a tree.
    ///
    /// @param name one component
    public FileStatus entry(String name) throws KernelException {
        if (name.isEmpty() || name.equals("..") || name.indexOf('/') >= 0) {
            throw new KernelException("statx", root + "|" + name, Errno.EINVAL, "it is no name in a directory");
        }
        return FileStatus.of(root, name, root + "|" + name);
    }

    /// Empty if a component is missing or not a directory; follows symlinks inside the tree.
    public Optional<FileStatus> findStatus(String path) throws KernelException {
        return find(path, OpenMode.PATH);
    }

    /// The status of the last component itself; empty if a component is missing or not a directory.
    public Optional<FileStatus> findStatusNoFollow(String path) throws KernelException {
        if (isName(path)) {
            return FileStatus.find(root, path, root + "|" + path);
        }
        return find(path, OpenMode.PATH, OpenMode.NO_FOLLOW);
    }

    private Optional<FileStatus> find(String path, OpenMode... modes) throws KernelException {
        Optional<OwnedFd> found = Resolution.findInRoot(root, path, modes);
        if (found.isEmpty()) {
            return Optional.empty();
        }
        try (OwnedFd file = found.get()) {
            return Optional.of(FileStatus.of(file));
        }
    }

    /// The names in a directory, without `.` and `..`, in no order.
    public List<String> list(String path) throws KernelException {
        try (OwnedFd directory = Resolution.inRoot(root, path, 0, OpenMode.READ, OpenMode.DIRECTORY)) {
            return Entries.Listing.names(directory);
        }
    }

    public void createDirectory(String path, int mode) throws KernelException {
        try (Place place = place(path)) {
            Entries.makeDirectory(place, mode);
        }
    }

    /// Creates what is missing of a path of directories; a component that is a symlink is followed inside the tree.
    public void createDirectories(String path, int mode) throws KernelException {
        StringBuilder upTo = new StringBuilder();
        for (String component : path.split("/", -1)) {
            if (component.isEmpty() || component.equals(".")) {
                continue;
            }
            upTo.append('/').append(component);
            if (component.equals("..") || findStatus(upTo.toString()).isPresent()) {
                continue;
            }
            try {
                createDirectory(upTo.toString(), mode);
            } catch (KernelException e) {
                if (!e.errno().equals(Errno.EEXIST)) {
                    throw e;
                }
                // made by another thread meanwhile, or a dangling symlink: the next component will tell
            }
        }
    }

    public void createSymlink(String target, String path) throws KernelException {
        try (Place place = place(path)) {
            Entries.makeSymlink(place, target);
        }
    }

    /// Gives an existing file (itself, also if it is a symlink) a second name.
    public void createHardLink(String existing, String path) throws KernelException {
        try (Place from = place(existing);
                Place to = place(path)) {
            Entries.link(from, to);
        }
    }

    /// Gives a file that is open, as [OpenMode#PATH] too, one more name.
    public void createHardLink(OwnedFd existing, String path) throws KernelException {
        try (Place to = place(path)) {
            Entries.link(new Place(existing, "", existing.toString()), to);
        }
    }

    /// mknod(2): a device, FIFO or socket; the mode is set exactly, whatever the umask.
    public void createNode(String path, FileType type, int mode, FileStatus.Device device) throws KernelException {
        try (Place place = place(path)) {
            Entries.makeNode(place, type, mode, device);
        }
    }

    /// What a symlink says; not resolved.
    public String readSymlink(String path) throws KernelException {
        try (Place place = place(path)) {
            return Entries.readLink(place);
        }
    }

    /// Changes the owner of the last component itself.
    public void chown(String path, long uid, long gid) throws KernelException {
        try (Place place = place(path)) {
            FileAttributes.chown(place, uid, gid);
        }
    }

    /// Changes the permission bits of a file that is no symlink.
    ///
    /// @throws KernelException ELOOP for a symlink
    public void chmod(String path, int mode) throws KernelException {
        if (isName(path) && FileAttributes.chmod(root, path, mode)) {
            return;
        }
        try (OwnedFd file = openPath(path, false)) {
            if (FileStatus.of(file).type() == FileType.SYMLINK) {
                throw new KernelException("chmod", path, Errno.ELOOP, "it is a symlink");
            }
            FileAttributes.chmod(file, mode);
        }
    }

    /// Sets the times of the last component itself.
    public void setTimes(String path, Instant accessed, Instant modified) throws KernelException {
        try (Place place = place(path)) {
            FileAttributes.times(place, accessed, modified);
        }
    }

    /// Sets an extended attribute of the last component itself.
    public void setXattr(String path, String name, byte[] value) throws KernelException {
        try (OwnedFd file = openPath(path, false)) {
            ExtendedAttributes.set(file, name, value);
        }
    }

    /// An extended attribute of the last component itself.
    public Optional<byte[]> getXattr(String path, String name) throws KernelException {
        try (OwnedFd file = openPath(path, false)) {
            return ExtendedAttributes.get(file, name);
        }
    }

    /// The names of the extended attributes of the last component itself.
    public List<String> listXattrs(String path) throws KernelException {
        try (OwnedFd file = openPath(path, false)) {
            return ExtendedAttributes.list(file);
        }
    }

    /// Removes a file, symlink or empty directory; ENOENT if there is none.
    public void remove(String path) throws KernelException {
        try (Place place = place(path)) {
            Entries.remove(place);
        }
    }

    /// Removes a file or directory with all that is below; nothing to do if there is none. Never enters another
    /// mount, never follows a symlink.
    public void removeTree(String path) throws KernelException {
        try (Place place = place(path)) {
            TreeRemoval.remove(place);
        } catch (KernelException e) {
            if (!e.errno().equals(Errno.ENOENT)) {
                throw e;
            }
        }
    }

    /// Renames within the tree, replacing what `to` was.
    public void rename(String from, String to) throws KernelException {
        try (Place source = place(from);
                Place target = place(to)) {
            Entries.rename(source, target);
        }
    }

    @Override
    public void close() {
        root.close();
    }

    @Override
    public String toString() {
        return root.toString();
    }

    /// The parent's descriptor and the last component's name, on which the `…at` calls then act.
    private Place place(String path) throws KernelException {
        String trimmed = path;
        while (trimmed.length() > 1 && trimmed.endsWith("/")) {
            trimmed = trimmed.substring(0, trimmed.length() - 1);
        }
        int slash = trimmed.lastIndexOf('/');
        String name = trimmed.substring(slash + 1);
        if (name.isEmpty() || name.equals(".") || name.equals("..")) {
            throw new KernelException("name of", path, Errno.EINVAL, "it does not end in a name");
        }
        if (CString.bytes(name).length > 255) {
            throw new KernelException("name of", path, Errno.ENAMETOOLONG);
        }
        String subject = root + "|" + path;
        if (slash <= 0) {
            return new Place(root, false, name, subject);
        }
        String parent = trimmed.substring(0, slash);
        return new Place(Resolution.inRoot(root, parent, 0, OpenMode.PATH, OpenMode.DIRECTORY), name, subject);
    }

    /// Whether a path is one component, which no call that does not follow a last symlink has to resolve.
    private static boolean isName(String path) {
        return !path.isEmpty() && path.indexOf('/') < 0 && !path.equals(".") && !path.equals("..");
    }

    private interface Completion {
        void run() throws KernelException;
    }

    private static OwnedFd settled(OwnedFd file, Completion completion) throws KernelException {
        try {
            completion.run();
            return file;
        } catch (KernelException e) {
            file.close();
            throw e;
        }
    }
}
