package dev.gantry.store.tar;

import dev.gantry.oci.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// The digest of everything in an unpacked layer that a container can see: names, types, modes, owners, times,
/// devices, link targets, attributes, content, and which names are the same file. Depth first, names sorted.
public final class TreeDigest {
    private final Tree tree;
    private final MessageDigest digest = Digest.Algorithm.SHA256.newMessageDigest();
    private final Map<Long, String> linked = new HashMap<>();
    private final byte[] buffer = new byte[128 << 10];
    private long size;

    private TreeDigest(Tree tree) {
        this.tree = tree;
    }

    /// The result of a walk.
    ///
    /// @param size bytes of regular files, each file once
    public record Result(Digest digest, long size) {}

    public static Result of(Tree tree) throws IOException {
        TreeDigest walk = new TreeDigest(tree);
        walk.visit(".", ".");
        return new Result(Digest.Algorithm.SHA256.finish(walk.digest), walk.size);
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
            case FILE -> content(path);
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
            visit(path.equals(".") ? name : path + "/" + name, name);
        }
    }

    private void content(String path) throws IOException {
        long length = 0;
        MessageDigest content = Digest.Algorithm.SHA256.newMessageDigest();
        try (InputStream in = tree.read(path)) {
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                content.update(buffer, 0, count);
                length += count;
            }
        }
        number(length);
        bytes(content.digest());
        size += length;
    }

    private void text(String value) {
        bytes(value.getBytes(StandardCharsets.UTF_16BE)); // keeps the surrogates of names that are no UTF-8
    }

    private void bytes(byte[] value) {
        number(value.length);
        digest.update(value);
    }

    private void number(long value) {
        digest.update(ByteBuffer.allocate(Long.BYTES).putLong(value).flip());
    }
}
