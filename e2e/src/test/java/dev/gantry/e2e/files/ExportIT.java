package dev.gantry.e2e.files;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.e2e.EndToEnd;
import dev.gantry.e2e.EverySetup;
import dev.gantry.e2e.Waiting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.junit.jupiter.api.Test;

/// `export`, and what is imported of it.
@EverySetup
class ExportIT extends EndToEnd {
    private static Map<String, String> entries(Path archive) throws IOException {
        Map<String, String> entries = new TreeMap<>();
        try (TarArchiveInputStream tar = new TarArchiveInputStream(Files.newInputStream(archive))) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                entries.put(
                        entry.getName(),
                        "%o %d:%d %s"
                                .formatted(
                                        entry.getMode() & 07777,
                                        entry.getLongUserId(),
                                        entry.getLongGroupId(),
                                        entry.isDirectory()
                                                ? "directory"
                                                : entry.isSymbolicLink() ? entry.getLinkName() : entry.getSize()));
            }
        }
        return entries;
    }

    @Test
    void hasAllFilesButNotWhatIsMounted() throws IOException {
        try (TemporaryDirectory local = TemporaryDirectory.create()) {
            String container = background(
                    "mkdir /own; echo hello > /own/f; chown 3:4 /own/f; chmod 2711 /own; ln -s f /own/l; echo > /vol/f;"
                            + " rm -r /var; touch /ready; sleep 1000",
                    "-v",
                    "/vol");
            Waiting.until(
                    () -> call("exec", container, "ls", "/ready").exit() == 0, () -> "the container does nothing");
            Path archive = local.resolve("export.tar");
            ok("export", "-o", archive.toString(), container);
            assertThat(entries(archive))
                    .containsEntry("own/", "2711 0:0 directory")
                    .containsEntry("own/f", "644 3:4 6")
                    .containsEntry("own/l", "777 0:0 f")
                    .containsEntry("vol/", "755 0:0 directory")
                    .containsEntry("proc/", "755 0:0 directory")
                    .containsEntry("etc/hosts", "755 0:0 0")
                    .doesNotContainKeys("vol/f", "var/", "proc/1/", "./");
            String image = "export-" + container;
            ok("import", archive.toString(), image);
            assertThat(ok("run", "--rm", image, "cat", "/own/f")).isEqualTo("hello");
            ok("rmi", image);
        }
    }

    @Test
    void hasOfNewContainersWhatEveryOneIsGiven() throws IOException {
        try (TemporaryDirectory local = TemporaryDirectory.create()) {
            String container = newName();
            ok("create", "--name", container, IMAGE, "true");
            Path archive = local.resolve("export.tar");
            ok("export", "--output=" + archive, container);
            assertThat(entries(archive))
                    .containsEntry(".dockerenv", "755 0:0 0")
                    .containsEntry("etc/hostname", "755 0:0 0")
                    .containsEntry("etc/resolv.conf", "755 0:0 0")
                    .containsEntry("etc/mtab", "777 0:0 /proc/mounts");
            assertThat(ok("diff", container)).isEmpty();
        }
    }

    @Test
    void worksOnContainersThatDoNotRun() throws IOException {
        try (TemporaryDirectory local = TemporaryDirectory.create()) {
            String container = newName();
            ok("run", "--name", container, IMAGE, "sh", "-c", "echo made > /made");
            Path archive = local.resolve("export.tar");
            ok("export", "--output=" + archive, container);
            assertThat(entries(archive)).containsEntry("made", "644 0:0 5");
            assertThat(fails(1, "export", "-o", local.resolve("no/such").toString(), container))
                    .isEqualTo("failed to export container: invalid output path: stat " + local.resolve("no")
                            + ": no such file or directory");
        }
    }
}
