package dev.gantry.store.tar;

import dev.gantry.oci.Digest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;

/// The digest of everything in an unpacked layer that a container can see: names, types, modes, owners, times,
/// devices, link targets, attributes, content, and which names are the same file. Depth first, names sorted.
///
/// A hole counts as the zeros that a container reads there, and is not read: blocks of zeros are left out of the
/// digest of a file, wherever they come from.
public final class TreeDigest {
    private static final String ROOT = ".";
    private static final int BLOCK = 4096;
    private static final byte[] ZEROS = new byte[BLOCK];

    private final Tree tree;
    private final MessageDigest digest = Digest.Algorithm.SHA256.newMessageDigest();
    private final Map<Long, String> linked = new HashMap<>();
    private final byte[] buffer = new byte[128 << 10];

    private TreeDigest(Tree tree) {
        this.tree = tree;
    }

    public static Digest of(Tree tree) throws IOException {
        TreeDigest walk = new TreeDigest(tree);
        walk.visit(ROOT, ROOT);
        return Digest.Algorithm.SHA256.finish(walk.digest);
    }

    private void visit(String path, String name) throws IOException {
        Tree.Status status =
                tree.status(path).orElseThrow(() -> new IOException("\"%s\" vanished from the layer".formatted(path)));
        text(name);
        boolean again = status.links() > 1 && !status.isDirectory() && linked.containsKey(status.inode());
        if (again) {
            text("same as");
            text(linked.getOrDefault(status.inode(), ""));
            return;
        }
        if (status.links() > 1) {
            linked.put(status.inode(), path);
        }
        attributes(path, status);
        switch (status.type()) {
            case DIRECTORY -> children(path);
            case FILE -> content(path, status.size());
            case SYMLINK -> text(tree.readSymlink(path));
            case CHARACTER_DEVICE, BLOCK_DEVICE -> {
                number(status.device().major());
                number(status.device().minor());
            }
            case FIFO, HARD_LINK -> {}
        }
    }

    private void attributes(String path, Tree.Status status) throws IOException {
        text(status.type().name());
        number(status.mode());
        number(status.owner().uid());
        number(status.owner().gid());
        text(status.modified().toString());
        Map<String, TarEntry.Xattr> xattrs = new TreeMap<>(tree.xattrs(path));
        number(xattrs.size());
        for (Map.Entry<String, TarEntry.Xattr> xattr : xattrs.entrySet()) {
            text(xattr.getKey());
            bytes(xattr.getValue().value());
        }
    }

    private void children(String path) throws IOException {
        List<String> names = tree.list(path).stream().sorted().toList();
        number(names.size());
        for (String name : names) {
            visit(path.equals(ROOT) ? name : path + "/" + name, name);
        }
    }

    private void content(String path, long size) throws IOException {
        MessageDigest content = Digest.Algorithm.SHA256.newMessageDigest();
        try (Tree.OldFile file = tree.read(path)) {
            long position = 0;
            OptionalLong next = file.nextContent(position);
            while (next.isPresent()) {
                position = Math.max(position, next.getAsLong() & -BLOCK);
                int count = fill(file, position);
                blocks(content, position, count);
                position += count;
                next = count < buffer.length ? OptionalLong.empty() : file.nextContent(position);
            }
        }
        number(size);
        bytes(content.digest());
    }

    private int fill(Tree.OldFile file, long position) throws IOException {
        int filled = 0;
        while (filled < buffer.length) {
            int count = file.read(position + filled, buffer, filled, buffer.length - filled);
            if (count < 0) {
                break;
            }
            filled += count;
        }
        return filled;
    }

    private void blocks(MessageDigest content, long position, int count) {
        for (int at = 0; at < count; at += BLOCK) {
            int length = Math.min(BLOCK, count - at);
            if (!Arrays.equals(buffer, at, at + length, ZEROS, 0, length)) {
                content.update(encoded(position + at));
                content.update(buffer, at, length);
            }
        }
    }

    private void text(String value) {
        bytes(value.getBytes(StandardCharsets.UTF_16BE)); // keeps the surrogates of names that are no UTF-8
    }

    private void bytes(byte[] value) {
        number(value.length);
        digest.update(value);
    }

    private void number(long value) {
        digest.update(encoded(value));
    }

    private static ByteBuffer encoded(long value) {
        return ByteBuffer.allocate(Long.BYTES).putLong(value).flip();
    }
}
