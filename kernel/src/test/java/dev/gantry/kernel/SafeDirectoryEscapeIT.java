package dev.gantry.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// No path leads out of the tree (CVE-2018-15664, CVE-2019-14271, CVE-2021-30465 and their kin).
class SafeDirectoryEscapeIT {

    private static final byte[] INSIDE = {1};
    private static final byte[] OUTSIDE = {2};

    @TempDir
    private Path directory;

    private Path root;
    private Path canary;

    @AutoClose
    private SafeDirectory tree;

    @BeforeEach
    void layOutTree() throws IOException {
        root = Files.createDirectories(directory.resolve("root"));
        canary = Files.write(
                Files.createDirectories(directory.resolve("outside")).resolve("canary"), OUTSIDE);
        Files.createDirectories(root.resolve("a/b"));
        Files.write(root.resolve("a/canary"), INSIDE);
        tree = SafeDirectory.open(root);
    }

    @Test
    void absoluteSymlinkStartsAtTheTree() throws IOException {
        tree.createSymlink("/a/canary", "absolute");
        assertThat(tree.readFile("absolute", 10)).isEqualTo(INSIDE);
        tree.createSymlink(canary.toString(), "escape");
        Expect.refusal(Errno.ENOENT, () -> tree.readFile("escape", 10));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../outside/canary",
                "/../outside/canary",
                "a/../../outside/canary",
                "a/b/../../../outside/canary"
            })
    void dotDotStopsAtTheTree(String path) throws IOException {
        Expect.refusal(Errno.ENOENT, () -> tree.readFile(path, 10));
        tree.createSymlink(path, "a/b/link");
        Expect.refusal(Errno.ENOENT, () -> tree.readFile("a/b/link", 10));
        assertThat(tree.findStatus("a/b/link")).isEmpty();
    }

    @Test
    void writingThroughASymlinkStaysInside() throws IOException {
        tree.createSymlink("../../../../outside", "a/b/out");
        Expect.refusal(Errno.ENOENT, () -> tree.writeFile("a/b/out/canary", INSIDE, 0600));
        tree.createSymlink("../../../../canary", "a/b/file");
        tree.writeFile("a/b/file", INSIDE, 0600);
        assertThat(root.resolve("canary")).hasBinaryContent(INSIDE);
        assertThat(canary).hasBinaryContent(OUTSIDE);
    }

    @Test
    void changesThroughASymlinkedParentStayInside() throws IOException {
        tree.createSymlink(canary.getParent().toString(), "out");
        Expect.refusal(Errno.ENOENT, () -> tree.remove("out/canary"));
        Expect.refusal(Errno.ENOENT, () -> tree.rename("out/canary", "stolen"));
        Expect.refusal(Errno.ENOENT, () -> tree.createHardLink("out/canary", "stolen"));
        Expect.refusal(Errno.ENOENT, () -> tree.createFile("out/new", 0600));
        Expect.refusal(Errno.ENOENT, () -> tree.createDirectory("out/new", 0700));
        Expect.refusal(Errno.ENOENT, () -> tree.createSymlink("x", "out/new"));
        Expect.refusal(Errno.ENOENT, () -> tree.chmod("out/canary", 0777));
        Expect.refusal(Errno.ENOENT, () -> tree.chown("out/canary", 1, 1));
        Expect.refusal(Errno.ENOENT, () -> tree.list("out"));
        tree.removeTree("out/canary");
        assertThat(canary).hasBinaryContent(OUTSIDE);
        assertThat(canary.getParent()).isDirectoryNotContaining("glob:**new");
    }

    @Test
    void loopOfSymlinksEnds() throws IOException {
        tree.createSymlink("two", "one");
        tree.createSymlink("one", "two");
        Expect.refusal(Errno.ELOOP, () -> tree.readFile("one", 10));
        Expect.refusal(Errno.ELOOP, () -> tree.createDirectories("one/x", 0700));
        assertThat(tree.statusNoFollow("one").type()).isEqualTo(FileType.SYMLINK);
    }

    /// CVE-2019-14271, CVE-2024-21626: /proc/self/root, cwd and fd lead anywhere.
    @ParameterizedTest
    @ValueSource(strings = {"self/root/etc/passwd", "self/cwd/x", "self/exe", "thread-self/root", "self/fd/0"})
    void magicLinksAreRefused(String path) throws IOException {
        try (SafeDirectory proc = SafeDirectory.open(Path.of("/proc"))) {
            Expect.refusal(Errno.ELOOP, () -> proc.openPath(path, true));
        }
    }

    @Test
    void subdirectoryIsATreeOfItsOwn() throws IOException {
        tree.createSymlink("/canary", "a/b/absolute");
        tree.createSymlink("../../a/canary", "a/b/relative");
        try (SafeDirectory below = tree.openDirectory("a/b")) {
            Expect.refusal(Errno.ENOENT, () -> below.readFile("../canary", 10));
            Expect.refusal(Errno.ENOENT, () -> below.readFile("absolute", 10));
            Expect.refusal(Errno.ENOENT, () -> below.readFile("relative", 10));
        }
    }

    @Test
    void exclusiveCreationDoesNotFollowADanglingSymlink() throws IOException {
        tree.createSymlink("a/new", "dangling");
        Expect.refusal(Errno.EEXIST, () -> tree.createFile("dangling", 0600));
        assertThat(tree.findStatus("a/new")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/", ".", "..", "a/..", "a/.", "//"})
    void pathWithoutANameIsRefused(String path) {
        Expect.refusal(Errno.EINVAL, () -> tree.remove(path));
        Expect.refusal(Errno.EINVAL, () -> tree.removeTree(path));
        Expect.refusal(Errno.EINVAL, () -> tree.rename("a", path));
    }
}
