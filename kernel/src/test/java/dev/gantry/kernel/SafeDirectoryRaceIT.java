package dev.gantry.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// CVE-2018-15664: a container exchanges a directory for a symlink to the host while the daemon resolves a path.
@Timeout(120)
class SafeDirectoryRaceIT {

    private static final int TRIES = 10_000;
    /// Where the scheduler shows only one side of the race for long.
    private static final int MOST_TRIES = 200_000;

    private static final byte[] OUTSIDE = {2};

    private enum Outcome {
        DONE,
        REFUSED
    }

    private interface Access {
        void run() throws IOException;
    }

    @TempDir
    private Path directory;

    private Path outside;

    @AutoClose
    private SafeDirectory tree;

    @BeforeEach
    void layOutTree() throws IOException {
        outside = Files.createDirectories(directory.resolve("outside"));
        Files.write(outside.resolve("file"), OUTSIDE);
        Files.createDirectories(directory.resolve("root/a/swap"));
        Files.createSymbolicLink(directory.resolve("root/a/relative"), Path.of("../../outside"));
        Files.createSymbolicLink(directory.resolve("root/a/absolute"), outside);
        tree = SafeDirectory.open(directory.resolve("root"));
    }

    @Test
    void writesNeverLeaveTheTree() throws Exception {
        race(() -> tree.writeFile("a/swap/file", new byte[] {1}, 0600));
        assertOutsideUntouched();
    }

    @Test
    void readsNeverLeaveTheTree() throws Exception {
        tree.writeFile("a/swap/file", new byte[] {1}, 0600);
        race(() -> assertThat(tree.readFile("a/swap/file", 10)).isEqualTo(new byte[] {1}));
    }

    @Test
    void removalNeverLeavesTheTree() throws Exception {
        race(() -> {
            // an attempt that was refused half-way leaves its directory
            tree.removeTree("a/swap/file");
            tree.createDirectory("a/swap/file", 0700);
            tree.createDirectory("a/swap/file/deep", 0700);
            tree.removeTree("a/swap/file");
        });
        assertOutsideUntouched();
    }

    private void assertOutsideUntouched() {
        assertThat(outside).isDirectoryContaining("glob:**file");
        assertThat(outside.resolve("file")).hasBinaryContent(OUTSIDE);
        assertThat(outside.toFile().list()).containsExactly("file");
    }

    private void race(Access access) throws Exception {
        AtomicBoolean end = new AtomicBoolean();
        try (ExecutorService attacker = Executors.newSingleThreadExecutor()) {
            Future<Void> swapping = attacker.submit(() -> {
                swap(end);
                return null;
            });
            try {
                EnumSet<Outcome> seen = EnumSet.noneOf(Outcome.class);
                for (int i = 0; i < TRIES || (seen.size() < 2 && i < MOST_TRIES); i++) {
                    seen.add(attempt(access));
                }
                assertThat(seen).containsExactlyInAnyOrder(Outcome.values());
            } finally {
                end.set(true);
            }
            swapping.get();
        }
    }

    private static Outcome attempt(Access access) throws IOException {
        try {
            access.run();
            return Outcome.DONE;
        } catch (KernelException e) {
            assertThat(e.errno()).isIn(Errno.ENOENT, Errno.ENOTDIR, Errno.EEXIST);
            return Outcome.REFUSED;
        }
    }

    private void swap(AtomicBoolean end) throws IOException {
        while (!end.get()) {
            for (String link : List.of("a/relative", "a/absolute")) {
                tree.rename("a/swap", "a/parked");
                tree.rename(link, "a/swap");
                tree.rename("a/swap", link);
                tree.rename("a/parked", "a/swap");
            }
        }
    }
}
