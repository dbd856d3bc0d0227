package dev.gantry.store.peers;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// docs/conformance.md says what the tests excuse.
class ConformanceTableTest {
    @Test
    void listsEveryDifferenceWithItsReason() throws IOException {
        List<String> lines = Files.readAllLines(Path.of("../docs/conformance.md"));
        List<String> rows = lines.stream()
                .skip(lines.indexOf("<!-- differences of layers -->") + 1L)
                .takeWhile(line -> !line.equals("<!-- end -->"))
                .filter(line -> !line.isEmpty() && !line.startsWith("| difference |") && !line.startsWith("|---"))
                .toList();
        assertThat(rows)
                .containsExactlyElementsOf(
                        Stream.of(Difference.values()).map(Difference::row).toList());
    }
}
