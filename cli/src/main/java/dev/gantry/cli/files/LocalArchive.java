package dev.gantry.cli.files;

import dev.gantry.cli.tar.TarMember;
import dev.gantry.cli.tar.TarOutput;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Files of the host as an archive, names in order. Sockets have no place in it.
final class LocalArchive {
    private static final int PERMISSIONS = 07777;

    private final TarOutput tar;
    /// What files with several names were called first.
    private final Map<String, String> linked = new HashMap<>();

    LocalArchive(TarOutput tar) {
        this.tar = tar;
    }

    /// Adds a file, and what is in it.
    void add(Path file, String name) throws IOException {
        Map<String, Object> attributes = LocalFiles.attributes(file);
        TarMember member = member(file, name, attributes);
        if (member == null) {
            return;
        }
        if (member.type() == TarMember.Type.FILE) {
            try (InputStream content = Files.newInputStream(file)) {
                tar.add(member, content);
            }
            return;
        }
        tar.add(member, InputStream.nullInputStream());
        if (member.type() == TarMember.Type.DIRECTORY) {
            for (Path child : children(file)) {
                add(child, member.name() + child.getFileName());
            }
        }
    }

    private static List<Path> children(Path directory) throws IOException {
        try (Stream<Path> children = Files.list(directory)) {
            return children.sorted().toList();
        }
    }

    private @Nullable TarMember member(Path file, String name, Map<String, Object> attributes) throws IOException {
        TarMember.Type type = type((int) attributes.getOrDefault("mode", 0));
        if (type == null) {
            return null;
        }
        String first = type == TarMember.Type.DIRECTORY || (int) attributes.getOrDefault("nlink", 1) < 2
                ? null
                : linked.putIfAbsent(attributes.get("dev") + ":" + attributes.get("ino"), name);
        String link = "";
        if (first != null) {
            type = TarMember.Type.HARD_LINK;
            link = first;
        } else if (type == TarMember.Type.SYMLINK) {
            link = Files.readSymbolicLink(file).toString();
        }
        long device = (long) attributes.getOrDefault("rdev", 0L);
        return new TarMember(
                type == TarMember.Type.DIRECTORY && !name.endsWith("/") ? name + "/" : name,
                type,
                link,
                (int) attributes.getOrDefault("mode", 0) & PERMISSIONS,
                new TarMember.Owner(
                        (int) attributes.getOrDefault("uid", 0) & 0xFFFF_FFFFL,
                        (int) attributes.getOrDefault("gid", 0) & 0xFFFF_FFFFL),
                type == TarMember.Type.FILE ? (long) attributes.getOrDefault("size", 0L) : 0,
                ((FileTime) attributes.getOrDefault("lastModifiedTime", FileTime.fromMillis(0))).toInstant(),
                new TarMember.Device((int) ((device >> 8 & 0xFFF) | (device >> 32 & ~0xFFF)), (int)
                        ((device & 0xFF) | (device >> 12 & ~0xFF))));
    }

    private static TarMember.@Nullable Type type(int mode) {
        return switch (mode >> 12) {
            case 010 -> TarMember.Type.FILE;
            case 004 -> TarMember.Type.DIRECTORY;
            case 012 -> TarMember.Type.SYMLINK;
            case 002 -> TarMember.Type.CHARACTER_DEVICE;
            case 006 -> TarMember.Type.BLOCK_DEVICE;
            case 001 -> TarMember.Type.FIFO;
            default -> null;
        };
    }
}
