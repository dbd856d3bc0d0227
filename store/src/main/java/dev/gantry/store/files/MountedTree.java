package dev.gantry.store.files;

import dev.gantry.kernel.Errno;
import dev.gantry.kernel.KernelException;
import dev.gantry.kernel.OwnedFd;
import dev.gantry.kernel.SafeDirectory;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// A root file system with what is mounted in it, put together from descriptors: nothing has to be mounted
/// for it, and no other mount than those named here is entered from the root.
public final class MountedTree implements AutoCloseable {
    private final SafeDirectory root;
    private final TreeMap<String, OwnedFd> mounts = new TreeMap<>();

    /// Something mounted.
    ///
    /// @param target an absolute path without links, `.` and `..`
    /// @param place what is there: a directory, or a file
    public record Mounted(String target, OwnedFd place) {}

    /// Takes over all descriptors.
    public MountedTree(SafeDirectory root, List<Mounted> mounts) {
        this.root = root;
        mounts.forEach(each -> this.mounts.put(each.target(), each.place()));
    }

    /// A tree in which nothing is mounted.
    public static MountedTree of(SafeDirectory root) {
        return new MountedTree(root, List.of());
    }

    /// Its `/`.
    public Node root() throws KernelException {
        return new Node(this, "", root.descriptor().duplicate(), false);
    }

    /// What a path leads to. Symbolic links on the way are followed, and `..` ends at the root.
    ///
    /// @param followLast whether the last component is followed, too; a path with a slash at the end always is
    /// @throws KernelException ENOENT, ENOTDIR or ELOOP as openat(2) has it
    public Node resolve(String path, boolean followLast) throws KernelException {
        try (PathWalk walk = new PathWalk(this)) {
            return walk.run(path, followLast);
        }
    }

    /// Where a path leads to, without links; components that are missing are taken as they stand.
    public String canonical(String path) throws KernelException {
        try (PathWalk walk = new PathWalk(this)) {
            return walk.canonical(path);
        }
    }

    /// As above, empty if there is nothing.
    public Optional<Node> find(String path, boolean followLast) throws KernelException {
        try {
            return Optional.of(resolve(path, followLast));
        } catch (KernelException e) {
            if (e.errno().equals(Errno.ENOENT)) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /// What is mounted at a path.
    Optional<OwnedFd> mounted(String canonical) {
        return Optional.ofNullable(mounts.get(canonical));
    }

    /// Whether something is mounted at a path, or below it.
    boolean hasMounts(String canonical) {
        Map.Entry<String, OwnedFd> below = mounts.ceilingEntry(canonical + "/");
        return mounts.containsKey(canonical) || (below != null && below.getKey().startsWith(canonical + "/"));
    }

    /// The names in a directory under which something is mounted.
    List<String> mountedIn(String directory) {
        String prefix = directory + "/";
        return mounts.tailMap(prefix).keySet().stream()
                .takeWhile(target -> target.startsWith(prefix))
                .map(target -> target.substring(prefix.length()))
                .filter(name -> !name.contains("/"))
                .toList();
    }

    @Override
    public void close() {
        root.close();
        mounts.values().forEach(OwnedFd::close);
    }
}
