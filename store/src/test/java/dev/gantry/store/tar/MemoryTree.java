package dev.gantry.store.tar;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.LongUnaryOperator;
import org.jspecify.annotations.Nullable;

/// A tree in memory with the rules of the real one: links of parents are followed within the root, the last name is
/// not.
final class MemoryTree implements Tree {
    private static final int MAX_LINKS = 40;

    /// A file of any type.
    static final class Node {
        final TarEntry.Type type;
        final long inode;
        final Map<String, Node> children = new TreeMap<>();
        final Map<String, TarEntry.Xattr> xattrs = new TreeMap<>();
        TarEntry.Ownership owner = new TarEntry.Ownership(0, 0);
        TarEntry.Device device = TarEntry.Device.NONE;
        Instant modified = Instant.EPOCH;
        int mode;
        int links = 1;
        String target = "";
        byte[] content = new byte[0];

        Node(TarEntry.Type type, long inode) {
            this.type = type;
            this.inode = inode;
        }
    }

    private record Place(Node parent, String name) {}

    /// Told each attribute, and of what type of file it is.
    void eachXattr(BiConsumer<TarEntry.Type, String> told) {
        Deque<Node> todo = new ArrayDeque<>(List.of(root));
        while (!todo.isEmpty()) {
            Node node = todo.pop();
            node.xattrs.keySet().forEach(name -> told.accept(node.type, name));
            todo.addAll(node.children.values());
        }
    }

    private long inodes = 1;
    private final Node root = new Node(TarEntry.Type.DIRECTORY, inodes);

    private Node resolve(String path, boolean followLast) throws IOException {
        Deque<Node> stack = new ArrayDeque<>(List.of(root));
        Deque<String> todo = new ArrayDeque<>(List.of(path.split("/", -1)));
        int links = 0;
        while (!todo.isEmpty()) {
            String name = todo.pop();
            Node here = stack.getLast();
            if (here.type != TarEntry.Type.DIRECTORY) {
                throw new NotDirectoryException(path);
            }
            if (name.isEmpty() || name.equals(".")) {
                continue;
            }
            if (name.equals("..")) {
                if (stack.size() > 1) {
                    stack.removeLast();
                }
                continue;
            }
            Node next = here.children.get(name);
            if (next == null) {
                throw new NoSuchFileException(path);
            }
            if (next.type == TarEntry.Type.SYMLINK && (followLast || !todo.isEmpty())) {
                if (++links > MAX_LINKS) {
                    throw new IOException("ELOOP " + path);
                }
                if (next.target.startsWith("/")) {
                    stack.clear();
                    stack.add(root);
                }
                List.of(next.target.split("/", -1)).reversed().forEach(todo::push);
                continue;
            }
            stack.addLast(next);
        }
        return stack.getLast();
    }

    private @Nullable Node find(String path) throws IOException {
        try {
            return resolve(path, false);
        } catch (NoSuchFileException | NotDirectoryException _) {
            return null;
        }
    }

    private Place place(String path) throws IOException {
        int slash = path.lastIndexOf('/');
        Node parent = resolve(slash < 0 ? "" : path.substring(0, slash), true);
        if (parent.type != TarEntry.Type.DIRECTORY) {
            throw new IOException("ENOTDIR " + path);
        }
        String name = path.substring(slash + 1);
        if (name.isEmpty() || name.equals(".") || name.equals("..") || name.indexOf('\0') >= 0) {
            throw new IOException("EINVAL " + path);
        }
        return new Place(parent, name);
    }

    private Node create(String path, TarEntry.Type type) throws IOException {
        Place place = place(path);
        Node node = new Node(type, ++inodes);
        if (place.parent.children.putIfAbsent(place.name, node) != null) {
            throw new IOException("EEXIST " + path);
        }
        return node;
    }

    @Override
    public Optional<Status> status(String path) throws IOException {
        Node node = find(path);
        return Optional.ofNullable(node)
                .map(found -> new Status(
                        found.type,
                        found.owner,
                        found.mode,
                        found.content.length,
                        found.inode,
                        found.links,
                        found.device,
                        found.modified));
    }

    @Override
    public NewFile createFile(String path) throws IOException {
        Node node = create(path, TarEntry.Type.FILE);
        return new NewFile() {
            private long position;

            private void resize(LongUnaryOperator size) throws IOException {
                long wanted = size.applyAsLong(node.content.length);
                if (wanted > 1 << 24) {
                    throw new IOException("ENOSPC");
                }
                node.content = Arrays.copyOf(node.content, (int) wanted);
            }

            @Override
            public void write(byte[] bytes, int length) throws IOException {
                resize(size -> Math.max(size, position + length));
                System.arraycopy(bytes, 0, node.content, (int) position, length);
                position += length;
            }

            @Override
            public void seek(long offset) {
                position = offset;
            }

            @Override
            public void truncate(long size) throws IOException {
                resize(_ -> size);
            }

            @Override
            public void close() {}
        };
    }

    @Override
    public void createDirectory(String path) throws IOException {
        create(path, TarEntry.Type.DIRECTORY);
    }

    @Override
    public void createSymlink(String path, String target) throws IOException {
        Node node = create(path, TarEntry.Type.SYMLINK);
        node.target = target;
        node.content = target.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void createHardLink(String path, String existing) throws IOException {
        Node node = find(existing);
        if (node == null) {
            throw new IOException("ENOENT " + existing);
        }
        if (node.type == TarEntry.Type.DIRECTORY) {
            throw new IOException("EPERM " + path);
        }
        Place place = place(path);
        if (place.parent.children.putIfAbsent(place.name, node) != null) {
            throw new IOException("EEXIST " + path);
        }
        node.links++;
    }

    @Override
    public void createSpecial(String path, TarEntry.Type type, TarEntry.Device device) throws IOException {
        create(path, type).device = device;
    }

    @Override
    public void removeTree(String path) throws IOException {
        Place place = place(path);
        place.parent.children.remove(place.name);
    }

    @Override
    public void setOwner(String path, TarEntry.Ownership owner) throws IOException {
        Node node = resolve(path, false);
        node.owner = owner;
        node.mode &= 0777;
        node.xattrs.remove("security.capability");
    }

    @Override
    public void setMode(String path, int mode) throws IOException {
        Node node = resolve(path, false);
        if (node.type == TarEntry.Type.SYMLINK) {
            throw new IOException("EOPNOTSUPP " + path);
        }
        node.mode = mode;
    }

    @Override
    public void setModified(String path, Instant modified) throws IOException {
        resolve(path, false).modified = modified;
    }

    @Override
    public boolean setXattr(String path, String name, byte[] value) throws IOException {
        resolve(path, false).xattrs.put(name, new TarEntry.Xattr(value));
        return true;
    }

    @Override
    public List<String> list(String path) throws IOException {
        return List.copyOf(resolve(path, false).children.keySet());
    }

    @Override
    public String readSymlink(String path) throws IOException {
        return resolve(path, false).target;
    }

    @Override
    public Map<String, TarEntry.Xattr> xattrs(String path) throws IOException {
        return resolve(path, false).xattrs;
    }

    @Override
    public OldFile read(String path) throws IOException {
        byte[] content = resolve(path, false).content;
        return new OldFile() {
            @Override
            public OptionalLong nextContent(long position) {
                return position < content.length ? OptionalLong.of(position) : OptionalLong.empty();
            }

            @Override
            public int read(long position, byte[] bytes, int offset, int length) {
                int count = (int) Math.min(length, content.length - position);
                if (count > 0) {
                    System.arraycopy(content, (int) position, bytes, offset, count);
                }
                return count > 0 ? count : -1;
            }

            @Override
            public void close() {
                // nothing is open
            }
        };
    }

    /// What one name is, on a line, for assertions.
    String describe(String path) throws IOException {
        Node node = find(path);
        if (node == null) {
            return "missing";
        }
        return switch (node.type) {
            case FILE -> "file %04o %s".formatted(node.mode, new String(node.content, StandardCharsets.UTF_8));
            case DIRECTORY -> "directory %04o".formatted(node.mode);
            case SYMLINK -> "link " + node.target;
            case FIFO -> "fifo %04o".formatted(node.mode);
            case CHARACTER_DEVICE -> "char %d:%d".formatted(node.device.major(), node.device.minor());
            case BLOCK_DEVICE -> "block %d:%d".formatted(node.device.major(), node.device.minor());
            case HARD_LINK -> throw new AssertionError();
        };
    }
}
