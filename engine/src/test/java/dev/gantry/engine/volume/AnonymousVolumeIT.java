package dev.gantry.engine.volume;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.kernel.FileStatus;
import dev.gantry.kernel.FileType;
import dev.gantry.kernel.SafeDirectory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AnonymousVolumeIT {
    private Path directory;
    private SafeDirectory root;

    @BeforeEach
    void makeAnImage() throws IOException {
        directory = Files.createTempDirectory("gantry-volume");
        Files.createDirectories(directory.resolve("root/data/sub"));
        root = SafeDirectory.open(directory.resolve("root"));
    }

    @AfterEach
    void removeEverything() throws IOException {
        root.close();
        try (SafeDirectory parent = SafeDirectory.open(directory.getParent())) {
            parent.removeTree(directory.getFileName().toString());
        }
    }

    @Test
    void beginsWithWhatTheImageHas() throws IOException {
        Instant time = Instant.parse("2020-01-01T00:00:00Z");
        root.writeFile("/data/sub/file", "content".getBytes(StandardCharsets.UTF_8), 0600);
        root.createHardLink("/data/sub/file", "/data/second");
        root.createSymlink("/etc/passwd", "/data/link");
        root.createNode("/data/null", FileType.CHARACTER_DEVICE, 0620, new FileStatus.Device(1, 3));
        root.setXattr("/data/sub/file", "user.note", new byte[] {1});
        root.chown("/data/sub/file", 7, 8);
        root.chmod("/data/sub/file", 04750);
        root.setTimes("/data/sub/file", time, time);
        root.chown("/data", 70, 80);
        root.chmod("/data", 01777);

        Path volume = AnonymousVolume.of("c1", "/data").prepared(directory.resolve("volumes"), root);

        try (SafeDirectory made = SafeDirectory.open(volume)) {
            FileStatus file = made.statusNoFollow("/sub/file");
            assertThat(file.mode()).isEqualTo(04750);
            assertThat(file.uid()).isEqualTo(7);
            assertThat(file.gid()).isEqualTo(8);
            assertThat(file.modified()).isEqualTo(time);
            assertThat(file.isSameFileAs(made.statusNoFollow("/second"))).isTrue();
            assertThat(made.readFile("/sub/file", 100)).asString().isEqualTo("content");
            assertThat(made.getXattr("/sub/file", "user.note")).contains(new byte[] {1});
            assertThat(made.readSymlink("/link")).isEqualTo("/etc/passwd");
            assertThat(made.statusNoFollow("/null").special()).isEqualTo(new FileStatus.Device(1, 3));
            assertThat(made.status("/").mode()).isEqualTo(01777);
            assertThat(made.status("/").uid()).isEqualTo(70);
        }
    }

    @Test
    void keepsItsContentOnceItIsMade() throws IOException {
        AnonymousVolume volume = AnonymousVolume.of("c1", "/data");
        Path first = volume.prepared(directory.resolve("volumes"), root);
        Files.writeString(first.resolve("mine"), "kept");

        Path second = volume.prepared(directory.resolve("volumes"), root);

        assertThat(second).isEqualTo(first);
        assertThat(second.resolve("mine")).hasContent("kept");
        assertThat(AnonymousVolume.of("c1", "/other")).isNotEqualTo(volume);
        assertThat(AnonymousVolume.of("c2", "/data")).isNotEqualTo(volume);
    }

    /// CVE-2024-1753 and its kin: the target of an image's volume is a symlink out of its root.
    @Test
    void takesNothingFromOutsideTheRoot() throws IOException {
        Path canary = Files.createDirectory(directory.resolve("host"));
        Files.writeString(canary.resolve("secret"), "of the host");
        root.createSymlink(canary.toString(), "/evil");
        root.createSymlink("../../../../../../" + canary, "/relative");

        for (String target : new String[] {"/evil", "/relative"}) {
            Path volume = AnonymousVolume.of("c1", target).prepared(directory.resolve("volumes"), root);
            assertThat(volume).isEmptyDirectory();
        }
    }

    @Test
    void isMadeAnewAfterAnInterruptedAttempt() throws IOException {
        AnonymousVolume volume = AnonymousVolume.of("c1", "/data");
        Files.createDirectories(directory.resolve("volumes/" + volume.name() + ".new/half"));
        root.writeFile("/data/file", new byte[] {1}, 0644);

        Path made = volume.prepared(directory.resolve("volumes"), root);

        assertThat(made.resolve("half")).doesNotExist();
        assertThat(made.resolve("file")).exists();
    }
}
