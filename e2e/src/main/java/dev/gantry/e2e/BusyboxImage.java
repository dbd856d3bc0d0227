package dev.gantry.e2e;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/// The root file system that most tests use: Debian's busybox-static with a link per applet, the usual directories,
/// and the users root, nobody, www-data and postgres.
public final class BusyboxImage {
    private static final Path BUSYBOX = Path.of("/bin/busybox");

    private static final String PASSWD = """
            root:x:0:0:root:/root:/bin/sh
            daemon:x:1:1:daemon:/usr/sbin:/bin/false
            www-data:x:33:33:www-data:/var/www:/bin/sh
            postgres:x:70:70:postgres:/var/lib/postgres:/bin/sh
            nobody:x:65534:65534:nobody:/nonexistent:/bin/false
            """;
    private static final String GROUP = """
            root:x:0:
            daemon:x:1:
            adm:x:4:www-data,daemon
            tty:x:5:
            audio:x:29:www-data
            www-data:x:33:
            postgres:x:70:
            users:x:100:
            nogroup:x:65534:
            """;

    private BusyboxImage() {}

    /// Whether busybox-static is installed.
    public static boolean installed() {
        return Files.isExecutable(BUSYBOX);
    }

    /// The root file system as a tar stream.
    public static InputStream tar() throws IOException {
        return tar(Map.of());
    }

    /// The same with additional (or replaced) regular files, by their path without a leading slash.
    public static InputStream tar(Map<String, byte[]> files) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes, "UTF-8")) {
            for (String name : List.of(
                    "bin", "dev", "etc", "home", "proc", "root", "run", "sys", "usr", "usr/bin", "var", "var/opt",
                    "var/www")) {
                directory(tar, name, 0755);
            }
            directory(tar, "tmp", 01777);
            file(tar, "bin/busybox", 0755, Files.readAllBytes(BUSYBOX));
            for (String applet : applets()) {
                link(tar, "bin/" + applet, "busybox");
            }
            file(tar, "etc/passwd", 0644, PASSWD.getBytes(StandardCharsets.UTF_8));
            file(tar, "etc/group", 0644, GROUP.getBytes(StandardCharsets.UTF_8));
            for (Map.Entry<String, byte[]> extra : files.entrySet()) {
                file(tar, extra.getKey(), 0755, extra.getValue());
            }
        }
        return new ByteArrayInputStream(bytes.toByteArray());
    }

    private static List<String> applets() throws IOException {
        return Command.run(List.of(BUSYBOX.toString(), "--list"), Map.of()).lines().stream()
                .filter(applet -> !applet.equals("busybox"))
                .toList();
    }

    /// Adds a directory.
    public static void directory(TarArchiveOutputStream tar, String name, int mode) throws IOException {
        TarArchiveEntry entry = new TarArchiveEntry(name + "/");
        entry.setMode(mode);
        put(tar, entry, new byte[0]);
    }

    /// Adds a regular file.
    public static void file(TarArchiveOutputStream tar, String name, int mode, byte[] content) throws IOException {
        TarArchiveEntry entry = new TarArchiveEntry(name);
        entry.setMode(mode);
        entry.setSize(content.length);
        put(tar, entry, content);
    }

    /// Adds a symbolic link.
    public static void link(TarArchiveOutputStream tar, String name, String target) throws IOException {
        TarArchiveEntry entry = new TarArchiveEntry(name, TarConstants.LF_SYMLINK);
        entry.setLinkName(target);
        put(tar, entry, new byte[0]);
    }

    private static void put(TarArchiveOutputStream tar, TarArchiveEntry entry, byte[] content) throws IOException {
        entry.setIds(0, 0);
        entry.setModTime(0L);
        tar.putArchiveEntry(entry);
        tar.write(content);
        tar.closeArchiveEntry();
    }
}
