package dev.gantry.kernel.tree;

import dev.gantry.kernel.Errno;
import dev.gantry.kernel.FileStatus;
import dev.gantry.kernel.FileType;
import dev.gantry.kernel.KernelException;
import dev.gantry.kernel.OpenMode;
import dev.gantry.kernel.OwnedFd;
import dev.gantry.kernel.SafeDirectory;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;

/// What a tree takes on the disk. A file with several names counts once; other mounts are not entered.
///
/// @param allocated bytes that the file system has allocated for files and directories, the tree's own included: what
///     du(1) counts
/// @param content bytes of regular files, holes included, and of symbolic links: what a reader would get
public record TreeUsage(long allocated, long content) {
    /// One descriptor per level. No path of 4096 bytes leads further down; what does (made step by step, to annoy) is
    /// not counted.
    private static final int DEEPEST = 2048;

    /// Walks a tree. What vanishes or appears meanwhile may be counted or not.
    public static TreeUsage of(SafeDirectory tree) throws KernelException {
        return new Walk(tree).run();
    }

    public TreeUsage plus(TreeUsage other) {
        return new TreeUsage(allocated + other.allocated, content + other.content);
    }

    private record Level(SafeDirectory directory, Deque<String> names) implements AutoCloseable {
        @Override
        public void close() {
            directory.close();
        }
    }

    private static final class Walk {
        private final SafeDirectory top;
        private final FileStatus.Device device;
        private final Deque<Level> levels = new ArrayDeque<>();
        private final Set<Long> counted = new HashSet<>();
        private long allocated;
        private long content;

        Walk(SafeDirectory top) throws KernelException {
            this.top = top;
            FileStatus status = FileStatus.of(top.descriptor());
            device = status.device();
            allocated = status.allocated();
        }

        TreeUsage run() throws KernelException {
            try {
                enter(top, ".");
                while (!levels.isEmpty()) {
                    step(levels.element());
                }
            } finally {
                levels.forEach(Level::close);
            }
            return new TreeUsage(allocated, content);
        }

        private void step(Level level) throws KernelException {
            String name = level.names().poll();
            if (name == null) {
                levels.remove().close();
                return;
            }
            try {
                count(level.directory(), name);
            } catch (KernelException e) {
                // somebody else removed it, or put something else in its place
                if (!e.errno().equals(Errno.ENOENT)
                        && !e.errno().equals(Errno.ENOTDIR)
                        && !e.errno().equals(Errno.ELOOP)) {
                    throw e;
                }
            }
        }

        private void count(SafeDirectory directory, String name) throws KernelException {
            FileStatus status = directory.entry(name);
            boolean elsewhere = status.isDirectory() && !status.device().equals(device);
            // a directory has one name, but not for somebody who moves it around while it is counted
            boolean again = (status.isDirectory() || status.links() > 1) && !counted.add(status.inode());
            if (elsewhere || again) {
                return;
            }
            allocated += status.allocated();
            if (status.type() == FileType.REGULAR || status.type() == FileType.SYMLINK) {
                content += status.size();
            }
            if (status.isDirectory() && levels.size() < DEEPEST) {
                enter(directory, name);
            }
        }

        private void enter(SafeDirectory parent, String name) throws KernelException {
            OwnedFd opened = parent.openFile(name, OpenMode.READ, OpenMode.DIRECTORY, OpenMode.NO_FOLLOW);
            Level level = new Level(SafeDirectory.of(opened), new ArrayDeque<>());
            levels.push(level); // from here on closed with the stack, whatever happens
            level.names().addAll(level.directory().list("/"));
        }
    }
}
