package dev.gantry.store.tar;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.fuzz.Fuzz;
import dev.gantry.oci.MalformedException;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Archives are unpacked or refused, within a bounded time and memory.
class TarFuzzTest {
    private static List<TarEntry> read(byte[] archive) throws IOException {
        TarReader reader = new TarReader(new ByteArrayInputStream(archive));
        List<TarEntry> entries = new ArrayList<>();
        for (TarEntry entry = reader.next(); entry != null; entry = reader.next()) {
            entries.add(entry);
        }
        return entries;
    }

    @Test
    void readers() {
        Fuzz.run("tar reader", inputs -> {
            byte[] archive = inputs.describe(RandomArchives.of(inputs));
            try {
                for (TarEntry entry : read(archive)) {
                    long stored = entry.extents().stream()
                            .mapToLong(TarEntry.Extent::length)
                            .sum();
                    assertThat(stored).isBetween(0L, (long) archive.length);
                    assertThat(entry.size()).isGreaterThanOrEqualTo(stored);
                    assertThat(entry.owner().uid()).isBetween(0L, 0xFFFFFFFEL);
                }
            } catch (MalformedException | EOFException e) {
                assertThat(e.getMessage()).contains("tar");
            }
        });
    }

    /// A rule of the extractor refuses what is wrong, before the file system would, and nothing that is wrong gets by.
    @Test
    void trees() {
        Fuzz.run("layer", inputs -> {
            byte[] archive = inputs.describe(RandomArchives.of(inputs));
            int most = inputs.pick(2, 1000);
            MemoryTree tree = new MemoryTree();
            try {
                new LayerExtractor(tree, most).extract(new TarReader(new ByteArrayInputStream(archive)));
            } catch (IOException e) {
                assertThat(e.getMessage()).isNotBlank().doesNotContain("EEXIST", "EINVAL", "ENOENT", "EPERM");
                return;
            }
            assertThat(read(archive)).hasSizeLessThanOrEqualTo(most).noneMatch(LayerRules::refuse);
            assertThat(TreeDigest.of(tree)).isEqualTo(TreeDigest.of(tree));
            tree.eachXattr((type, name) -> {
                boolean own = type == TarEntry.Type.DIRECTORY && name.equals("trusted.overlay.opaque");
                assertThat(own || !name.contains(".overlay.")).as(name).isTrue();
            });
        });
    }
}
