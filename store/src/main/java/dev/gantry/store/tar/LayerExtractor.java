package dev.gantry.store.tar;

import dev.gantry.oci.MalformedException;
import dev.gantry.store.tar.Tree.Status;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Unpacks one layer into an empty [Tree], as a lower directory of an overlay.
///
/// * A later entry replaces an earlier one of the same name; a directory keeps what it contains.
/// * Missing parents are made with mode 0755, owned by root. So is the root, whatever an entry says, as dockerd has it:
///   archives of directories that only their maker may enter give images that everybody may use. Directories whose
///   time no entry tells are of 1970, so that a layer that is unpacked again is the same.
/// * A whiteout `.wh.name` becomes a character device 0:0, `.wh..wh..opq` the attribute `trusted.overlay.opaque`;
///   both speak of lower layers only (image layer specification, "Whiteouts"), so they never remove what this layer
///   brings.
/// * Attributes that overlayfs reads (`trusted.overlay.…`, `user.overlay.…`) never come from the archive: they could
///   redirect into other directories.
/// * A hard link's other name is resolved like any name, and is itself not followed. Owner, mode, time and attributes
///   of the link's entry count for the file, as dockerd has it; of a symbolic link only the owner and attributes.
public final class LayerExtractor {
    private static final String WHITEOUT = ".wh.";
    private static final String WHITEOUT_META = ".wh..wh.";
    private static final String OPAQUE = ".wh..wh..opq";
    private static final String OPAQUE_XATTR = "trusted.overlay.opaque";
    private static final byte[] YES = "y".getBytes(StandardCharsets.US_ASCII);
    private static final int DEFAULT_MODE = 0755;
    private static final String ROOT = ".";

    private final Tree tree;
    private final long maxEntries;
    private final Map<String, Instant> directoryTimes = new LinkedHashMap<>();
    private final byte[] buffer = new byte[128 << 10];
    private String knownParent = "";
    private long size;

    /// @param maxEntries more entries than this are refused
    public LayerExtractor(Tree tree, long maxEntries) {
        this.tree = tree;
        this.maxEntries = maxEntries;
    }

    /// Reads the archive to its end and unpacks it.
    ///
    /// @return the bytes of the regular files, each file once
    /// @throws MalformedException if the archive, or an entry, can't be part of a layer
    public long extract(TarReader archive) throws IOException {
        directoryTimes.put(ROOT, Instant.EPOCH);
        long entries = 0;
        for (TarEntry entry = archive.next(); entry != null; entry = archive.next()) {
            if (++entries > maxEntries) {
                throw new MalformedException("layer has more than %d entries".formatted(maxEntries));
            }
            unpack(entry, archive);
        }
        for (Map.Entry<String, Instant> directory : directoryTimes.entrySet()) {
            if (tree.status(directory.getKey()).filter(Status::isDirectory).isPresent()) {
                tree.setModified(directory.getKey(), directory.getValue());
            }
        }
        return size;
    }

    private void unpack(TarEntry entry, TarReader archive) throws IOException {
        List<String> components = Names.components(entry.name());
        if (components.isEmpty()) {
            requireDirectory(entry);
            directoryTimes.put(ROOT, entry.modified());
            return;
        }
        String parent = String.join("/", components.subList(0, components.size() - 1));
        String base = components.getLast();
        ensureDirectory(parent);
        if (base.equals(OPAQUE)) {
            // the directory itself, also by way of a symbolic link; a file has nothing that could be hidden
            tree.setXattr(join(parent, ROOT), OPAQUE_XATTR, YES);
        } else if (base.startsWith(WHITEOUT)) {
            whiteout(entry, parent, base);
        } else {
            create(entry, join(parent, base), archive);
        }
    }

    private static void requireDirectory(TarEntry entry) throws MalformedException {
        if (entry.type() != TarEntry.Type.DIRECTORY) {
            throw new MalformedException("tar entry \"%s\" replaces the layer's root".formatted(entry.name()));
        }
    }

    private void ensureDirectory(String path) throws IOException {
        if (path.isEmpty() || path.equals(knownParent)) {
            return;
        }
        if (tree.status(path).isEmpty()) {
            int slash = path.lastIndexOf('/');
            ensureDirectory(slash < 0 ? "" : path.substring(0, slash));
            tree.createDirectory(path);
            tree.setMode(path, DEFAULT_MODE);
            directoryTimes.put(path, Instant.EPOCH);
        }
        knownParent = path;
    }

    private void whiteout(TarEntry entry, String parent, String base) throws IOException {
        if (base.startsWith(WHITEOUT_META)) {
            return; // aufs' own files
        }
        String hidden = base.substring(WHITEOUT.length());
        if (hidden.isEmpty() || hidden.equals(".") || hidden.equals("..")) {
            throw new MalformedException("tar entry \"%s\" is a whiteout of no file".formatted(entry.name()));
        }
        String path = join(parent, hidden);
        Optional<Status> existing = tree.status(path);
        if (existing.filter(Status::isDirectory).isPresent()) {
            tree.setXattr(path, OPAQUE_XATTR, YES);
        } else if (existing.isEmpty()) {
            tree.createSpecial(path, TarEntry.Type.CHARACTER_DEVICE, TarEntry.Device.NONE);
            tree.setOwner(path, entry.owner());
            tree.setModified(path, entry.modified());
        }
    }

    private void create(TarEntry entry, String path, TarReader archive) throws IOException {
        if (entry.type() == TarEntry.Type.HARD_LINK) {
            link(entry, path);
            return;
        }
        Optional<Status> existing = tree.status(path);
        boolean merge = entry.type() == TarEntry.Type.DIRECTORY
                && existing.filter(Status::isDirectory).isPresent();
        if (existing.isPresent() && !merge) {
            remove(path);
        }
        switch (entry.type()) {
            case DIRECTORY -> {
                if (!merge) {
                    tree.createDirectory(path);
                }
                if (existing.filter(Status::isWhiteout).isPresent()) {
                    tree.setXattr(path, OPAQUE_XATTR, YES);
                }
                directoryTimes.put(path, entry.modified());
            }
            case FILE -> writeFile(entry, path, archive);
            case SYMLINK -> symlink(entry, path);
            case CHARACTER_DEVICE, BLOCK_DEVICE, FIFO -> tree.createSpecial(path, entry.type(), entry.device());
            case HARD_LINK -> throw new AssertionError("handled above");
        }
        tree.setOwner(path, entry.owner());
        setAttributes(entry, path, entry.type());
    }

    private void remove(String path) throws IOException {
        size -= sizeOf(path);
        tree.removeTree(path);
        knownParent = "";
    }

    /// The bytes that go with a name: not those of a file that has another one.
    private long sizeOf(String path) throws IOException {
        Status status = tree.status(path).orElseThrow();
        if (!status.isDirectory()) {
            boolean counted = status.type() == TarEntry.Type.FILE || status.type() == TarEntry.Type.SYMLINK;
            return counted && status.links() == 1 ? status.size() : 0;
        }
        long sum = 0;
        for (String name : tree.list(path)) {
            sum += sizeOf(join(path, name));
        }
        return sum;
    }

    private void link(TarEntry entry, String path) throws IOException {
        String target = String.join("/", Names.components(entry.linkName()));
        Status linked = target.isEmpty() ? null : tree.status(target).orElse(null);
        if (linked == null || linked.isDirectory()) {
            throw new MalformedException("tar entry \"%s\" is a hard link to \"%s\", which is %s"
                    .formatted(entry.name(), entry.linkName(), linked == null ? "missing" : "a directory"));
        }
        Optional<Status> existing = tree.status(path);
        if (existing.isPresent()) {
            if (existing.get().inode() == linked.inode()) {
                return; // the same file already: removing it first would lose it
            }
            remove(path);
            if (tree.status(target).isEmpty()) {
                throw new MalformedException(
                        "tar entry \"%s\" is a hard link to a file below itself".formatted(entry.name()));
            }
        }
        tree.createHardLink(path, target);
        if (!entry.owner().equals(linked.owner())) {
            tree.setOwner(path, entry.owner());
        }
        setAttributes(entry, path, linked.type());
    }

    private void symlink(TarEntry entry, String path) throws IOException {
        if (entry.linkName().isEmpty() || entry.linkName().length() >= Names.MAX_LENGTH) {
            throw new MalformedException("tar entry \"%s\" is a symbolic link with a target of %d characters"
                    .formatted(entry.name(), entry.linkName().length()));
        }
        tree.createSymlink(path, entry.linkName());
        size += tree.status(path).map(Status::size).orElse(0L);
    }

    private void writeFile(TarEntry entry, String path, TarReader archive) throws IOException {
        try (Tree.NewFile file = tree.createFile(path)) {
            long position = 0;
            for (TarEntry.Extent extent : entry.extents()) {
                if (extent.offset() != position) {
                    file.seek(extent.offset());
                }
                copy(archive, file, extent.length());
                position = extent.offset() + extent.length();
            }
            if (position != entry.size()) {
                file.truncate(entry.size());
            }
        }
        size += entry.size();
    }

    private void copy(TarReader archive, Tree.NewFile file, long length) throws IOException {
        for (long left = length; left > 0; ) {
            int count = archive.read(buffer, (int) Math.min(left, buffer.length));
            file.write(buffer, count);
            left -= count;
        }
    }

    // chown(2) clears set-user-ID and file capabilities, so the owner comes before; every change but the last sets the
    // time
    private void setAttributes(TarEntry entry, String path, TarEntry.Type type) throws IOException {
        for (Map.Entry<String, TarEntry.Xattr> xattr : entry.xattrs().entrySet()) {
            setXattr(entry, path, xattr.getKey(), xattr.getValue().value());
        }
        if (type != TarEntry.Type.SYMLINK) {
            tree.setMode(path, entry.mode());
        }
        if (type != TarEntry.Type.SYMLINK || entry.type() == TarEntry.Type.SYMLINK) {
            tree.setModified(path, entry.modified());
        }
    }

    private void setXattr(TarEntry entry, String path, String name, byte[] value) throws IOException {
        if (name.startsWith("trusted.overlay.") || name.startsWith("user.overlay.")) {
            return;
        }
        boolean set = tree.setXattr(path, name, value);
        if (!set && name.equals("security.capability")) {
            throw new IOException(
                    "file capabilities of \"%s\": the file system does not take them".formatted(entry.name()));
        }
    }

    private static String join(String parent, String name) {
        return parent.isEmpty() ? name : parent + "/" + name;
    }
}
