package dev.gantry.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.gantry.kernel.SafeDirectory;
import dev.gantry.kernel.tree.TreeCopy;
import dev.gantry.oci.Digest;
import dev.gantry.store.files.LayerArchive;
import dev.gantry.store.files.MountedTree;
import dev.gantry.store.files.Node;
import dev.gantry.store.files.OwnerMap;
import dev.gantry.store.files.TreeArchive;
import dev.gantry.store.tar.TreeDigest;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.ThrowingConsumer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Files of a tebibyte that are holes, but for a few bytes: nobody reads the holes, which would take ten minutes.
class SparseFilesIT extends StoreFixture {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String LOOK = "; stat -c '%s %b' FILE; head -c 5 FILE; tail -c 8 FILE;"
            + " dd if=FILE bs=1 skip=500000000000 count=6 2>/dev/null";
    private static final String CONTENT = "startthe end\nmiddle";

    private Path tree;

    @BeforeEach
    void makeOne() throws IOException, InterruptedException {
        Assumptions.assumeTrue(
                shell("truncate -s 1T probe 2>/dev/null && echo yes || echo no; rm -f probe")
                        .startsWith("yes"),
                "the file system has no files of a tebibyte");
        tree = Files.createDirectory(scratch.resolve("tree"));
        shell("mkdir tree/dir; cd tree/dir; printf start > big; truncate -s 1T big;"
                + " printf middle | dd of=big bs=1 seek=500000000000 conv=notrunc 2>/dev/null;"
                + " printf 'the end\n' | dd of=big bs=1 seek=1099511627768 conv=notrunc 2>/dev/null");
        hasHoles("tree/dir/big");
    }

    private void hasHoles(String file) throws IOException, InterruptedException {
        String[] seen = shell("true" + LOOK.replace("FILE", file)).split("[ \n]", 3);
        assertThat(seen[0]).isEqualTo("1099511627776");
        assertThat(Long.parseLong(seen[1])).as("blocks").isLessThan(200);
        assertThat(seen[2].strip()).isEqualTo(CONTENT);
    }

    private interface Work {
        void run() throws Exception;
    }

    private static void soon(Work work) {
        assertTimeoutPreemptively(PATIENCE, work::run);
    }

    private void archive(ThrowingConsumer<OutputStream> content) throws Exception {
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(scratch.resolve("archive")))) {
            soon(() -> {
                try {
                    content.accept(out);
                } catch (Throwable e) {
                    throw new IllegalStateException(e);
                }
            });
        }
    }

    @Test
    void becomeLayersAndAreVerified() throws Exception {
        archive(out -> LayerArchive.write(tree, List.of(), out));
        assertThat(Files.size(scratch.resolve("archive"))).isLessThan(100_000);
        ImageStore store = ImageStore.open(root);
        Image image = importFile(store, "archive", "sparse");
        assertThat(image.size()).isEqualTo(1L << 40);
        Path unpacked = image.layers().getFirst().tree();
        hasHoles(scratch.relativize(unpacked) + "/dir/big");
        soon(() -> assertThat(store.repair().verify()).isEmpty());
        shell("printf X | dd of=" + unpacked + "/dir/big bs=1 seek=777777777777 conv=notrunc 2>/dev/null;"
                + " touch -r tree/dir/big " + unpacked + "/dir/big");
        soon(() -> assertThat(store.repair().verify()).singleElement().isInstanceOf(StoreDamage.BrokenLayer.class));
        soon(() -> store.repair().restore(image.layers().getFirst().diffId()));
        soon(() -> assertThat(store.repair().verify()).isEmpty());
        assertThat(store.usage().layers().values()).allMatch(bytes -> bytes < 1_000_000);
    }

    /// What clients get of a container's files, as the tools unpack it that people use.
    @ParameterizedTest
    @ValueSource(strings = {"tar -xf archive -C out", "bsdtar -xf archive -C out"})
    void areCopiedOutAndUnpackedByTools(String unpack) throws Exception {
        Assumptions.assumeTrue(Tools.has(unpack.substring(0, unpack.indexOf(' '))), "the tool is not installed");
        archive(out -> {
            try (MountedTree mounted = MountedTree.of(SafeDirectory.open(tree));
                    Node node = mounted.root()) {
                TreeArchive archive = new TreeArchive(out, OwnerMap.SAME);
                archive.addContent(node, "");
                archive.finish();
            }
        });
        assertThat(Files.size(scratch.resolve("archive"))).isLessThan(100_000);
        shell("mkdir out; timeout 60 " + unpack);
        hasHoles("out/dir/big");
    }

    /// A client that knows no sparse files gets those whose holes are sent in a second.
    @Test
    void areSentWithZerosWhereThatIsQuick() throws Exception {
        shell("rm tree/dir/big; truncate -s 20M tree/dir/small");
        archive(out -> {
            try (MountedTree mounted = MountedTree.of(SafeDirectory.open(tree));
                    Node node = mounted.root()) {
                TreeArchive archive = new TreeArchive(out, OwnerMap.SAME);
                archive.addContent(node, "");
                archive.finish();
            }
        });
        assertThat(Files.size(scratch.resolve("archive"))).isGreaterThan(20 << 20);
    }

    @Test
    void areCopiedIntoVolumes() throws Exception {
        Path to = Files.createDirectory(scratch.resolve("volume"));
        soon(() -> {
            try (SafeDirectory source = SafeDirectory.open(tree);
                    SafeDirectory target = SafeDirectory.open(to)) {
                new TreeCopy(source, target).run();
            }
        });
        hasHoles("volume/dir/big");
    }

    /// A file system that has no holes, or a copy that did not keep them, is no damage.
    @Test
    void areWhatTheyAreWithZerosForHoles() throws Exception {
        shell("rm tree/dir/big; cd tree/dir; printf x > f; truncate -s 10M f; printf y >> f;"
                + " cp -a --sparse=never f g; rm f; mv g f; cp -a .. ../../sparse; cd ../../sparse/dir;"
                + " cp -a --sparse=always f g; rm f; mv g f; touch -r ../../tree ..; touch -r ../../tree/dir .");
        assertThat(shell("stat -c %b tree/dir/f sparse/dir/f").lines().distinct())
                .hasSize(2);
        Digest dense = digest("tree");
        assertThat(digest("sparse")).isEqualTo(dense);
        shell(
                "printf z | dd of=sparse/dir/f bs=1 seek=5000000 conv=notrunc 2>/dev/null; touch -r tree/dir/f sparse/dir/f");
        assertThat(digest("sparse")).isNotEqualTo(dense);
    }

    private Digest digest(String directory) throws IOException {
        try (SafeTree opened = SafeTree.open(scratch.resolve(directory))) {
            return TreeDigest.of(opened);
        }
    }
}
