package dev.gantry.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.kernel.Mounts;
import dev.gantry.kernel.SafeDirectory;
import dev.gantry.oci.image.Execution;
import dev.gantry.oci.image.History;
import dev.gantry.store.files.ChangedFiles;
import dev.gantry.store.files.LayerArchive;
import dev.gantry.store.files.MountedTree;
import dev.gantry.store.files.Node;
import dev.gantry.store.files.OwnerMap;
import dev.gantry.store.files.TreeArchive;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What a container changes in its image, made a layer and unpacked again, shows the same files as before.
class DerivationIT extends StoreFixture {
    private static final byte[] CAPABILITY = {1, 0, 0, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};

    private ImageStore store;
    private Image base;

    @BeforeEach
    void importABase() throws IOException, InterruptedException {
        shell("mkdir -p t/d/sub t/gone t/opaque/x t/fd && cd t && echo a > d/a && ln d/a d/b && echo s > d/sub/s"
                + " && echo o > opaque/o && echo x > opaque/x/y && echo g > gone/g && echo k > kept"
                + " && tar -cf ../base.tar .");
        store = ImageStore.open(root);
        base = importFile(store, "base.tar", "base");
        Files.createDirectories(scratch.resolve("upper"));
        Files.createDirectories(scratch.resolve("work"));
    }

    private SafeDirectory mounted(Image image, String upper, String work) throws IOException {
        return SafeDirectory.of(Mounts.overlay(image.layerTrees(), scratch.resolve(upper), scratch.resolve(work)));
    }

    /// Except for the time of the root, which no layer has.
    private byte[] everything(SafeDirectory root, String upper) throws IOException {
        Files.setLastModifiedTime(scratch.resolve(upper), FileTime.from(Instant.EPOCH));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        TreeArchive archive = new TreeArchive(out, OwnerMap.SAME);
        try (Node node = MountedTree.of(root).root()) {
            archive.addContent(node, "");
        }
        archive.finish();
        return out.toByteArray();
    }

    private Image derive(Path upper) throws IOException {
        try (InputStream layer = LayerArchive.stream(upper, base.layerTrees())) {
            History step = new History(Instant.EPOCH, "a test", null, null, false);
            return store.derive(base.id(), layer, new ImageStore.Derivation(name("derived"), Execution.empty(), step));
        }
    }

    private static void change(SafeDirectory root) throws IOException {
        root.removeTree("gone");
        root.removeTree("opaque");
        root.createDirectory("opaque", 0750);
        root.writeFile("opaque/new", new byte[] {1}, 0600);
        root.remove("fd");
        root.writeFile("fd", new byte[] {2}, 0644);
        root.remove("d/b");
        root.writeFile("d/capable", new byte[100_000], 0755);
        root.setXattr("d/capable", "security.capability", CAPABILITY);
        root.setXattr("d", "trusted.mine", new byte[] {0, 10, 61});
        root.createHardLink("d/capable", "d/sub/again");
        root.createSymlink("../\uDCFF", "d/link");
        root.chown("d/link", 70_000, 3_000_000_000L);
        root.createDirectories("n/" + "long".repeat(50) + "/x", 0755);
        root.setTimes("kept", Instant.ofEpochSecond(-7, 5), Instant.ofEpochSecond(-7, 5));
        root.chmod("kept", 04711);
    }

    @Test
    void showsTheSameFilesAsBefore() throws IOException {
        byte[] before;
        try (SafeDirectory root = mounted(base, "upper", "work")) {
            change(root);
            before = everything(root, "upper");
        }
        Image derived = derive(scratch.resolve("upper"));
        assertThat(derived.parent()).isEqualTo(base.id());
        assertThat(derived.layers()).hasSize(2).first().isEqualTo(base.layers().getFirst());
        Files.createDirectories(scratch.resolve("upper2"));
        Files.createDirectories(scratch.resolve("work2"));
        try (SafeDirectory root = mounted(derived, "upper2", "work2")) {
            assertThat(everything(root, "upper2")).isEqualTo(before);
        }
    }

    @Test
    void tellsWhatHasChanged() throws IOException {
        try (SafeDirectory root = mounted(base, "upper", "work")) {
            change(root);
        }
        List<String> changes = ChangedFiles.of(scratch.resolve("upper"), base.layerTrees()).stream()
                .map(change -> change.kind().name().charAt(0) + " " + change.path())
                .filter(line -> !line.contains("long"))
                .toList();
        assertThat(changes)
                .containsExactly(
                        "M /d",
                        "D /d/b",
                        "A /d/capable",
                        "A /d/link",
                        "M /d/sub",
                        "A /d/sub/again",
                        "M /fd",
                        "D /gone",
                        "M /kept",
                        "A /n",
                        "M /opaque",
                        "A /opaque/new",
                        "D /opaque/o",
                        "D /opaque/x");
    }

    @Test
    void keepsHolesAndMakesNoLayerOfNothing() throws IOException {
        assertThat(derive(scratch.resolve("upper")).layers()).hasSize(1);
        try (SafeDirectory root = mounted(base, "upper", "work");
                var file = root.createFile("sparse", 0644)) {
            file.truncate(1L << 28);
        }
        Image derived = derive(scratch.resolve("upper"));
        assertThat(derived.layers()).hasSize(2);
        Path unpacked = derived.layerTrees().getFirst().resolve("sparse");
        assertThat(Files.size(unpacked)).isEqualTo(1L << 28);
    }
}
