package dev.gantry.store.files;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.kernel.KernelException;
import dev.gantry.kernel.SafeDirectory;
import dev.gantry.store.tar.TarEntry;
import dev.gantry.store.tar.TarReader;
import dev.gantry.store.tar.TarWriter;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// CVE-2018-15664, CVE-2019-10152, CVE-2021-41089, CVE-2026-41568, CVE-2026-42306, GO-2024-2913: a
/// container exchanges a directory for a link to the host while `docker cp` reads it, writes into it, or
/// changes modes and owners. CVE-2026-17106: links of the archive itself lead out.
@Timeout(120)
class MountedTreeRaceIT {
    private static final int TRIES = 10_000;

    /// Where the scheduler shows only one side of the race for long.
    private static final int MOST_TRIES = 100_000;

    private static final String SECRET = "of the host";

    @TempDir
    private Path directory;

    private Path outside;

    @AutoClose
    private MountedTree tree;

    private interface Access {
        void run() throws IOException;
    }

    @BeforeEach
    void layOutTree() throws IOException {
        outside = Files.createDirectories(directory.resolve("outside"));
        Files.writeString(outside.resolve("file"), SECRET);
        Path swap = Files.createDirectories(directory.resolve("root/a/swap"));
        Files.writeString(swap.resolve("file"), "inside");
        Files.createSymbolicLink(directory.resolve("root/a/absolute"), outside);
        Files.createSymbolicLink(directory.resolve("root/a/relative"), Path.of("../../outside"));
        tree = MountedTree.of(SafeDirectory.open(directory.resolve("root")));
    }

    @Test
    void readsNeverLeaveTheTree() throws Exception {
        race(() -> {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            TreeArchive archive = new TreeArchive(out, OwnerMap.SAME);
            try (Node node = tree.resolve("/a/swap/.", true)) {
                archive.add(node, ".");
            }
            assertThat(out.toString(StandardCharsets.ISO_8859_1)).doesNotContain(SECRET);
        });
    }

    @Test
    void writesNeverLeaveTheTree() throws Exception {
        byte[] archive = archive("file", "swap/file", "swap/made/deep");
        race(() -> {
            try (Node node = tree.resolve("/a", true)) {
                var rules = new TreeExtractor.Rules(false, new TarEntry.Ownership(7, 7), OwnerMap.SAME);
                new TreeExtractor(tree, node.path(), rules).extract(new TarReader(new ByteArrayInputStream(archive)));
            }
        });
        assertThat(outside.resolve("file")).hasContent(SECRET);
        assertThat(outside.toFile().list()).containsExactly("file");
        assertThat((int) Files.getAttribute(outside.resolve("file"), "unix:uid"))
                .isZero();
        assertThat((int) Files.getAttribute(outside, "unix:uid")).isZero();
    }

    @Test
    void linksOfAnArchiveStayInTheTree() throws IOException {
        Files.createDirectories(Path.of(directory.resolve("root") + outside.toString()));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        TarWriter tar = new TarWriter(out);
        tar.put(entry("up", TarEntry.Type.SYMLINK, "../../../../../.." + outside));
        tar.put(entry("up/planted", TarEntry.Type.DIRECTORY, ""));
        tar.put(entry("hard", TarEntry.Type.HARD_LINK, "up/planted"));
        tar.finish();
        try {
            new TreeExtractor(tree, "/a", new TreeExtractor.Rules(false, null, OwnerMap.SAME))
                    .extract(new TarReader(new ByteArrayInputStream(out.toByteArray())));
        } catch (KernelException _) {
            // a directory has no second name
        }
        assertThat(outside.toFile().list()).containsExactly("file");
        assertThat(directory.resolve("root" + outside + "/planted")).isDirectory();
    }

    private static TarEntry entry(String name, TarEntry.Type type, String link) {
        return new TarEntry(
                name,
                type,
                link,
                new TarEntry.Ownership(0, 0),
                0755,
                Instant.EPOCH,
                0,
                List.of(),
                TarEntry.Device.NONE,
                Map.of());
    }

    private static byte[] archive(String... names) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        TarWriter tar = new TarWriter(out);
        for (String name : names) {
            tar.put(entry(name, TarEntry.Type.FILE, ""));
        }
        tar.finish();
        return out.toByteArray();
    }

    /// Runs an access as long as somebody exchanges the directory, until both sides have been seen.
    private void race(Access access) throws Exception {
        AtomicBoolean over = new AtomicBoolean();
        Thread swapper = Thread.ofPlatform().start(() -> exchange(over));
        int done = 0;
        int refused = 0;
        try {
            for (int i = 0; i < TRIES || (i < MOST_TRIES && (done == 0 || refused == 0)); i++) {
                try {
                    access.run();
                    done++;
                } catch (KernelException _) {
                    refused++;
                }
            }
        } finally {
            over.set(true);
            swapper.join();
        }
        assertThat(done).as("accesses that met the directory").isPositive();
        assertThat(refused).as("accesses that met a link").isPositive();
    }

    /// Whoever writes makes the directory anew while it is away.
    private static void move(SafeDirectory directory, String from, String to) throws KernelException {
        boolean moved = false;
        while (!moved) {
            try {
                directory.rename(from, to);
                moved = true;
            } catch (KernelException _) {
                makeRoom(directory, to);
            }
        }
    }

    private static void makeRoom(SafeDirectory directory, String name) {
        try {
            directory.removeTree(name);
        } catch (KernelException _) {
            // somebody writes there meanwhile: the next attempt will do
        }
    }

    private void exchange(AtomicBoolean over) {
        String[] links = {"absolute", "relative"};
        try (SafeDirectory a = SafeDirectory.open(directory.resolve("root/a"))) {
            for (int i = 0; !over.get(); i++) {
                String link = links[i % 2];
                a.rename("swap", "away");
                move(a, link, "swap");
                a.rename("swap", link);
                move(a, "away", "swap");
            }
        } catch (KernelException e) {
            throw new IllegalStateException(e);
        }
    }
}
