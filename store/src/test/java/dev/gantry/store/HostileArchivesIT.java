package dev.gantry.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.fuzz.Fuzz;
import dev.gantry.store.tar.LayerExtractor;
import dev.gantry.store.tar.RandomArchives;
import dev.gantry.store.tar.TarReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Archives that are made to do harm, unpacked on a file system.
class HostileArchivesIT extends StoreFixture {
    // CVE-2026-17106, CVE-2025-11395, GHSA-5qgp: names, links and whiteouts that lead out, in any order
    @Test
    void nothingLeadsOutOfALayer() throws Exception {
        shell(
                "mkdir -p beside/etc beside/a/b beside/d; echo secret > beside/etc/passwd; ln -s etc beside/l; touch beside/b");
        Path beside = scratch.resolve("beside");
        List<String> before = Tools.describe(beside);
        Fuzz.run("layers on disk", inputs -> {
            byte[] archive = inputs.describe(RandomArchives.of(inputs));
            // as deep as links in the archives lead up
            Path tree = Files.createDirectory(beside.resolve("a/b/tree"));
            try (SafeTree unpacked = SafeTree.open(tree)) {
                new LayerExtractor(unpacked, 1000).extract(new TarReader(new ByteArrayInputStream(archive)));
            } catch (IOException e) {
                assertThat(e.getMessage()).isNotBlank();
            } finally {
                try (SafeTree above = SafeTree.open(beside.resolve("a/b"))) {
                    above.removeTree("tree");
                }
            }
        });
        shell("touch -h -d @5 beside/a/b");
        assertThat(withoutTimeOfTheDirectory(Tools.describe(beside))).isEqualTo(withoutTimeOfTheDirectory(before));
    }

    private static List<String> withoutTimeOfTheDirectory(List<String> lines) {
        return lines.stream().filter(line -> !line.startsWith("a/b |")).toList();
    }
}
