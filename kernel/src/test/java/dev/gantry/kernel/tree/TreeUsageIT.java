package dev.gantry.kernel.tree;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.kernel.FileStatus;
import dev.gantry.kernel.FileType;
import dev.gantry.kernel.OwnedFd;
import dev.gantry.kernel.SafeDirectory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a tree takes on the disk is what du(1) says.
class TreeUsageIT {
    @TempDir
    private Path directory;

    private SafeDirectory tree;

    @BeforeEach
    void open() throws IOException {
        tree = SafeDirectory.open(directory);
    }

    @AfterEach
    void close() {
        tree.close();
    }

    @Test
    void countsFilesAndDirectories() throws IOException {
        tree.createDirectories("a/b/c", 0700);
        tree.writeFile("a/small", new byte[1], 0600);
        tree.writeFile("a/b/large", new byte[3_000_000], 0600);
        for (int i = 0; i < 300; i++) {
            tree.writeFile("a/b/c/a-long-name-so-that-the-directory-grows-" + i, new byte[i], 0600);
        }

        TreeUsage usage = TreeUsage.of(tree);

        assertThat(usage.allocated()).isEqualTo(du());
        assertThat(usage.content()).isEqualTo(3_000_001 + 300 * 299 / 2);
    }

    @Test
    void countsAFileWithSeveralNamesOnceAndWithoutItsHoles() throws IOException {
        try (OwnedFd sparse = tree.createFile("sparse", 0600)) {
            sparse.truncate(50_000_000);
        }
        tree.writeFile("first", new byte[1_000_000], 0600);
        tree.createHardLink("first", "second");

        TreeUsage usage = TreeUsage.of(tree);

        assertThat(usage.allocated()).isEqualTo(du()).isLessThan(2_000_000);
        assertThat(usage.content()).isEqualTo(51_000_000);
    }

    @Test
    void followsNoLinkAndOpensNoPipe() throws IOException {
        tree.createSymlink("/", "root");
        tree.createSymlink(".", "self");
        tree.createSymlink("x".repeat(3000), "far");
        tree.createNode("pipe", FileType.FIFO, 0600, new FileStatus.Device(0, 0));

        TreeUsage usage = TreeUsage.of(tree);

        assertThat(usage.allocated()).isEqualTo(du());
        // a link's target is its content
        assertThat(usage.content()).isEqualTo(1 + 1 + 3000);
    }

    @Test
    void comesToAnEndInATreeThatIsDeeperThanAnyPath() throws IOException {
        SafeDirectory at = tree.openDirectory("/");
        for (int i = 0; i < 2200; i++) {
            at.createDirectory("d", 0700);
            SafeDirectory below = at.openDirectory("d");
            at.close();
            at = below;
        }
        at.close();

        assertThat(TreeUsage.of(tree).allocated()).isPositive();

        // nobody else can remove it: a tree is removed down to a depth
        assertThat(new ProcessBuilder("rm", "-rf", directory.resolve("d").toString())
                        .start()
                        .onExit())
                .succeedsWithin(Duration.ofSeconds(20));
    }

    private long du() throws IOException {
        Process du = new ProcessBuilder("du", "-s", "-x", "-B1", directory.toString()).start();
        String text = new String(du.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return Long.parseLong(text.substring(0, text.indexOf("\t")));
    }
}
