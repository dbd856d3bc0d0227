package dev.gantry.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TreeRemovalIT {

    @TempDir
    private Path directory;

    private Path outside;

    @AutoClose
    private SafeDirectory tree;

    @BeforeEach
    void layOutTree() throws IOException {
        Expect.root();
        outside = Files.createDirectories(directory.resolve("outside"));
        Files.writeString(outside.resolve("canary"), "outside");
        tree = SafeDirectory.open(Files.createDirectories(directory.resolve("root")));
    }

    @Test
    void removesEverythingBelow() throws IOException {
        for (int i = 0; i < 50; i++) {
            tree.createDirectories("top/" + i + "/deep/deeper", 0700);
            tree.writeFile("top/" + i + "/deep/file", new byte[10], 0400);
        }
        tree.chmod("top/1/deep", 0);
        tree.createNode("top/fifo", FileType.FIFO, 0600, new FileStatus.Device(0, 0));
        tree.createFile("top/\udcff", 0600).close();
        tree.removeTree("top");
        assertThat(tree.list("/")).isEmpty();
    }

    @Test
    void removesAFileAndAcceptsThatThereIsNothing() throws IOException {
        tree.createFile("file", 0600).close();
        tree.removeTree("file");
        tree.removeTree("file");
        tree.removeTree("missing/file");
        assertThat(tree.list("/")).isEmpty();
    }

    @Test
    void removesSymlinksAndNotWhatTheyLeadTo() throws IOException {
        tree.createDirectories("kept/inner", 0700);
        tree.createDirectory("top", 0700);
        tree.createSymlink(outside.toString(), "top/absolute");
        tree.createSymlink("../../outside", "top/relative");
        tree.createSymlink("../kept", "top/inside");
        tree.removeTree("top");
        assertThat(tree.list("/")).containsExactly("kept");
        assertThat(tree.list("kept")).containsExactly("inner");
        assertThat(outside.resolve("canary")).hasContent("outside");
    }

    @Test
    void symlinkAtTheTopIsRemovedItself() throws IOException {
        tree.createDirectories("kept/inner", 0700);
        tree.createSymlink("kept", "link");
        tree.removeTree("link/");
        assertThat(tree.list("/")).containsExactly("kept");
    }

    @Test
    void leavesAnotherMountAlone() throws Exception {
        tree.createDirectories("top/mount", 0700);
        Path mount = directory.resolve("root/top/mount");
        run("mount", "-t", "tmpfs", "gantry-test", mount.toString());
        try {
            Files.writeString(mount.resolve("canary"), "mounted");
            Expect.refusal(Errno.EBUSY, () -> tree.removeTree("top"));
            assertThat(mount.resolve("canary")).hasContent("mounted");
        } finally {
            run("umount", mount.toString());
        }
        tree.removeTree("top");
        assertThat(tree.list("/")).isEmpty();
    }

    @Test
    void descriptorsAreReturned() throws IOException {
        int before = openDescriptors();
        for (int i = 0; i < 20; i++) {
            tree.createDirectories("top/a/b/c/d", 0700);
            tree.removeTree("top");
        }
        assertThat(openDescriptors()).isLessThan(before + 20);
    }

    private static int openDescriptors() {
        String[] names = Path.of("/proc/self/fd").toFile().list();
        return names == null ? 0 : names.length;
    }

    private static void run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
    }
}
