package dev.gantry.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gantry.oci.Digest;
import dev.gantry.oci.ImageReference;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// A store on a small file system of its own, which gets full.
class FullDiskIT extends StoreFixture {
    private Path disk = Path.of("/nonexistent");

    @BeforeEach
    void mountASmallFileSystem() throws IOException, InterruptedException {
        Assumptions.assumeTrue(Tools.has("mkfs.ext4"), "mkfs.ext4 is not installed");
        disk = Files.createDirectory(scratch.resolve("disk"));
        shell("truncate -s 48M image; mkfs.ext4 -q -m 0 image; mount -o loop image disk");
        root = disk.resolve("store");
        shell(
                "mkdir small large tiny; echo x > tiny/f; tar -cf tiny.tar -C tiny .; echo x > small/f; head -c 1M /dev/urandom > small/noise; head -c 30M /dev/urandom > large/noise;"
                        + " tar -cf small.tar -C small .; tar -cf large.tar -C large .");
    }

    @AfterEach
    void unmountIt() throws IOException, InterruptedException {
        shell("mountpoint -q disk && umount disk || true");
    }

    private void assertFull(Throwable thrown) {
        assertThat(thrown)
                .hasMessageContaining("no space left on device")
                .hasMessageContaining(disk.toString())
                .hasMessageEndingWith("is full");
    }

    @Test
    void saysSoAndStaysAsItWas() throws Exception {
        ImageStore store = ImageStore.open(root);
        Image kept = importFile(store, "small.tar", "kept");
        // the layer is stored twice: packed and unpacked
        assertThatThrownBy(() -> importFile(store, "large.tar", "large")).satisfies(this::assertFull);
        assertThat(store.list()).extracting(Image::id).containsExactly(kept.id());
        assertThat(store.repair().check().damages()).isEmpty();
        assertThat(store.repair().verify()).isEmpty();
        shell("test -z \"$(ls disk/store/tmp)\"");
        assertThat(importFile(store, "small.tar", "again").references()).isNotEmpty();
    }

    /// Something else has taken the last byte: an image can still be removed, and then there is space again.
    @Test
    void removesImagesWhenNothingIsLeft() throws Exception {
        ImageStore store = ImageStore.open(root);
        Image old = importFile(store, "small.tar", "old");
        fill();
        assertThatThrownBy(() -> importFile(store, "tiny.tar", "new")).satisfies(this::assertFull);
        assertThat(store.repair().check().damages()).isEmpty();
        assertThat(store.remove(old.id())).hasSize(1);
        assertThat(store.list()).isEmpty();
        Image image = importFile(store, "tiny.tar", "new");
        assertThat(ImageStore.open(root).list()).extracting(Image::id).containsExactly(image.id());
        assertThat(store.repair().verify()).isEmpty();
    }

    private void fill() throws IOException, InterruptedException {
        // the last blocks, set aside for delayed allocation, come free late
        shell("sync -f disk; dd if=/dev/zero of=disk/filler bs=4k 2> /dev/null || true; for n in $(seq 9); do"
                + " dd if=/dev/zero of=disk/filler$n bs=1k 2> /dev/null || true; sync -f disk; done");
    }

    /// Whoever waits for space gets none of what the index needs to become shorter.
    @Test
    void removesOneAfterTheOtherWhileSomebodyTakesAllThatIsFreed() throws Exception {
        ImageStore store = ImageStore.open(root);
        for (int i = 0; i < 5; i++) {
            Image _ = importFile(store, "tiny.tar", "image" + i, "ENV A=" + i);
        }
        fill();
        for (Image each : store.list()) {
            assertThatThrownBy(() -> store.tag(each, ImageReference.parse("other")))
                    .satisfies(this::assertFull);
            assertThat(store.untag(each.references().getFirst())).isTrue();
            fill();
            List<Digest> _ = store.remove(each.id());
            fill();
        }
        assertThat(ImageStore.open(root).list()).isEmpty();
    }

    /// Somebody was quicker when the reserve was used: it is taken from the next space that is freed.
    @Test
    void keepsSomeOfWhatIsFreedForTheNextRemoval() throws Exception {
        ImageStore store = ImageStore.open(root);
        Image image = importFile(store, "tiny.tar", "image");
        Path garbage = root.resolve("content/blobs/sha256/" + "0".repeat(64));
        shell("head -c 4M /dev/urandom > " + garbage);
        shell("rm disk/store/reserve");
        fill();
        assertThatThrownBy(() -> store.untag(image.references().getFirst())).satisfies(this::assertFull);
        assertThat(store.collectGarbage()).isEqualTo(4 << 20);
        fill();
        assertThat(store.untag(image.references().getFirst())).isTrue();
    }

    @Test
    void saysWhatItCannotVerifyWhenNothingIsLeft() throws Exception {
        ImageStore store = ImageStore.open(root);
        Image image = importFile(store, "small.tar", "kept");
        fill();
        Digest layer = image.layers().getFirst().diffId();
        assertThat(store.repair().verify())
                .singleElement()
                .satisfies(each -> assertThat(each).isInstanceOfSatisfying(StoreDamage.UncheckedLayer.class, found -> {
                    assertThat(found.diffId()).isEqualTo(layer);
                    assertThat(found.why()).endsWith(" is full").contains(disk.toString());
                }));
        assertThatThrownBy(() -> store.repair().restore(layer)).satisfies(this::assertFull);
        assertThat(store.usage().of(layer)).isGreaterThan(2 << 20);
        assertThat(store.repair().check().damages()).isEmpty();
        shell("rm disk/filler*");
        assertThat(store.repair().verify()).isEmpty();
    }
}
