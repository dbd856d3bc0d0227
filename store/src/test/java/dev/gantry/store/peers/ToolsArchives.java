package dev.gantry.store.peers;

import dev.gantry.store.Tools;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/// Archives of one tree, made by the tools that make layers.
final class ToolsArchives {
    /// What makes the file `archive` of the directory `source`, by the name of the tool.
    static final Map<String, String> COMMANDS = new TreeMap<>(Map.of(
            "GNU tar, GNU format", "tar -cf archive --format=gnu --numeric-owner -C source .",
            "GNU tar, PAX format", "tar -cf archive --format=posix --sparse --xattrs --xattrs-include='*' -C source .",
            "bsdtar, PAX format", "bsdtar -cf archive --format=pax --numeric-owner -C source .",
            "bsdtar, GNU format", "bsdtar -cf archive --format=gnutar --numeric-owner -C source .",
            "Python", "python3 -c 'import tarfile; tarfile.open(\"archive\", \"w\").add(\"source\", \".\")'",
            "commons-compress", ""));

    private ToolsArchives() {}

    static byte[] make(String tool, Path scratch) throws IOException, InterruptedException {
        String command = COMMANDS.getOrDefault(tool, "");
        if (command.isEmpty()) {
            writeWithCommonsCompress(scratch.resolve("archive"));
        } else {
            Tools.shell(
                    scratch,
                    Tools.SOURCE + "setfattr -n user.a -v b random; setcap cap_net_raw+ep random; cd ..; " + command);
        }
        return Files.readAllBytes(scratch.resolve("archive"));
    }

    private static void writeWithCommonsCompress(Path archive) throws IOException {
        try (OutputStream file = Files.newOutputStream(archive);
                TarArchiveOutputStream out = new TarArchiveOutputStream(file, "UTF-8")) {
            out.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
            out.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
            out.setAddPaxHeadersForNonAsciiNames(true);
            put(out, new TarArchiveEntry("d/"), 0750, "");
            put(out, new TarArchiveEntry("d/" + "n".repeat(150)), 04755, "long");
            put(out, new TarArchiveEntry("d/ä ö"), 0600, "umlaut");
            TarArchiveEntry link = new TarArchiveEntry("s", TarConstants.LF_SYMLINK);
            link.setLinkName("t".repeat(200));
            put(out, link, 0777, "");
            TarArchiveEntry hard = new TarArchiveEntry("h", TarConstants.LF_LINK);
            hard.setLinkName("d/ä ö");
            put(out, hard, 0600, "");
            TarArchiveEntry device = new TarArchiveEntry("c", TarConstants.LF_CHR);
            device.setDevMajor(1);
            device.setDevMinor(3);
            put(out, device, 0666, "");
        }
    }

    private static void put(TarArchiveOutputStream out, TarArchiveEntry entry, int mode, String content)
            throws IOException {
        byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
        entry.setMode(mode);
        entry.setIds(70_000, 3_000_000);
        entry.setUserId(3_000_000_000L);
        entry.setLastModifiedTime(FileTime.from(Instant.ofEpochSecond(5_000_000_000L, 123_456_700)));
        entry.setSize(bytes.length);
        out.putArchiveEntry(entry);
        out.write(bytes);
        out.closeArchiveEntry();
    }
}
