package dev.gantry.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MountsIT {

    private static final Path MOUNTS = Path.of("/proc/self/mountinfo");
    private static final byte[] CONTENT = {7};

    @TempDir
    private Path directory;

    private String before;

    @BeforeEach
    void rememberMounts() throws IOException {
        Expect.root();
        before = Files.readString(MOUNTS);
    }

    @AfterEach
    void nothingIsMounted() throws IOException {
        assertThat(Files.readString(MOUNTS).lines().filter(line -> line.contains(directory.toString())))
                .isEmpty();
    }

    @Test
    void detachedOverlayIsReadableWritableAndInvisible() throws IOException {
        Path lower = Files.createDirectories(directory.resolve("lower"));
        Path top = Files.createDirectories(directory.resolve("top"));
        Path upper = Files.createDirectories(directory.resolve("upper"));
        Path work = Files.createDirectories(directory.resolve("work"));
        Files.write(lower.resolve("below"), CONTENT);
        Files.write(lower.resolve("both"), new byte[] {1});
        Files.write(top.resolve("both"), CONTENT);
        try (SafeDirectory tree = SafeDirectory.of(Mounts.overlay(List.of(top, lower), upper, work))) {
            assertThat(tree.readFile("below", 10)).isEqualTo(CONTENT);
            assertThat(tree.readFile("both", 10)).isEqualTo(CONTENT);
            tree.writeFile("below", new byte[] {8}, 0600);
            tree.createDirectories("new/deep", 0755);
            tree.remove("both");
            assertThat(tree.list("/")).containsExactlyInAnyOrder("below", "new");
            assertThat(Files.readString(MOUNTS)).isEqualTo(before);
        }
        assertThat(lower.resolve("below")).hasBinaryContent(CONTENT);
        assertThat(upper.resolve("below")).hasBinaryContent(new byte[] {8});
        assertThat(top.resolve("both")).exists();
    }

    @Test
    void newFileSystemHasItsOptionsAndAttributes() throws IOException {
        try (SafeDirectory tree =
                SafeDirectory.of(Mounts.fileSystem("tmpfs", Map.of("mode", "0700", "size", "64k"), Set.of()))) {
            assertThat(tree.status("/").mode()).isEqualTo(0700);
            Expect.refusal(Errno.ENOSPC, () -> tree.writeFile("large", new byte[128 * 1024], 0600));
        }
        try (SafeDirectory tree =
                SafeDirectory.of(Mounts.fileSystem("tmpfs", Map.of(), EnumSet.of(Mounts.Attribute.READ_ONLY)))) {
            Expect.refusal(Errno.EROFS, () -> tree.writeFile("file", CONTENT, 0600));
        }
    }

    @Test
    void refusalSaysWhatTheFileSystemSays() {
        assertThatExceptionOfType(KernelException.class)
                .isThrownBy(() -> Mounts.fileSystem("tmpfs", Map.of("colour", "blue"), Set.of()))
                .withMessageContaining("colour")
                .satisfies(refused -> assertThat(refused.errno()).isEqualTo(Errno.EINVAL));
        Expect.refusal(Errno.ENODEV, () -> Mounts.fileSystem("gantryfs", Map.of(), Set.of()));
    }

    @Test
    void openTreeIsACopyRootedAtThePath() throws IOException {
        Path source = Files.createDirectories(directory.resolve("source"));
        Files.write(source.resolve("file"), CONTENT);
        try (SafeDirectory tree = SafeDirectory.of(Mounts.openTree(source, false))) {
            assertThat(tree.list("/")).containsExactly("file");
            Expect.refusal(Errno.ENOENT, () -> tree.readFile("../source/file", 10));
            assertThat(Files.readString(MOUNTS)).isEqualTo(before);
        }
    }
}
