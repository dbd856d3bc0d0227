package dev.gantry.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.oci.Digest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What the store takes on the disk is what du(1) says.
class StoreUsageIT extends StoreFixture {
    private ImageStore store;

    @BeforeEach
    void open() throws IOException, InterruptedException {
        store = ImageStore.open(root);
        shell("mkdir -p in/sub && head -c 3000000 /dev/urandom > in/large && ln in/large in/again"
                + " && for i in $(seq 200); do echo $i > in/sub/$i; done && tar -cf a.tar -C in .");
        shell("echo other > in/other && truncate -s 20M in/hole && tar -Scf b.tar -C in . && gzip -k a.tar");
    }

    private long du() throws IOException, InterruptedException {
        String line = shell("du -s -B1 " + root);
        return Long.parseLong(line.substring(0, line.indexOf('\t')));
    }

    @Test
    void isEverythingBelowItsRoot() throws IOException, InterruptedException {
        assertThat(store.usage().total()).isEqualTo(du());
        Image one = importFile(store, "a.tar.gz", "one");
        Image two = importFile(store, "b.tar", "two");
        StoreUsage usage = store.usage();
        assertThat(usage.total()).isEqualTo(du());
        assertThat(usage.layers()).containsOnlyKeys(diffId(one), diffId(two));
        // the same layer, once more
        importFile(store, "a.tar", "three", "ENV A=b");
        assertThat(store.usage().layers()).isEqualTo(usage.layers());
        assertThat(store.usage().total()).isEqualTo(du());
    }

    @Test
    void countsAnUnpackedLayerAndTheBlobThatItCameIn() throws IOException, InterruptedException {
        Image image = importFile(store, "a.tar.gz", "one");
        StoreUsage usage = store.usage();
        Set<Digest> needed = new HashSet<>(store.neededBy(image));
        assertThat(usage.layers().get(diffId(image))).isBetween(3_800_000L, 4_200_000L);
        assertThat(usage.of(needed) - usage.layers().get(diffId(image))).isBetween(3_000_000L, 3_100_000L);

        long before = du();
        store.remove(image.id());
        assertThat(before - du()).isEqualTo(usage.of(needed));
    }

    @Test
    void walksALayerOnce() throws IOException, InterruptedException {
        Image image = importFile(store, "a.tar", "one");
        StoreUsage first = store.usage();
        // which nobody ever does: a second walk would see it
        Path stranger = image.layers().getFirst().tree().resolve("stranger");
        Files.write(stranger, new byte[1_000_000]);
        assertThat(ImageStore.open(root).usage().layers()).isEqualTo(first.layers());
        // a record that a crash has cut short
        Files.writeString(image.layers().getFirst().tree().resolveSibling("allocated"), "12");
        assertThat(store.usage().layers().get(diffId(image)))
                .isGreaterThan(first.layers().get(diffId(image)));
    }

    private static Digest diffId(Image image) {
        return image.layers().getFirst().diffId();
    }
}
