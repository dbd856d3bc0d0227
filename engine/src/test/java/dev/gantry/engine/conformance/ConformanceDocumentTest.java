package dev.gantry.engine.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// docs/conformance.md says what the tests compare and excuse.
class ConformanceDocumentTest {
    private static final Path DOCUMENT = Path.of("../docs/conformance.md");

    @Test
    void listsEveryDifferenceWithItsReason() throws Exception {
        assertThat(between("<!-- differences from runc -->"))
                .containsExactlyElementsOf(
                        Stream.of(Difference.values()).map(Difference::row).toList());
    }

    @Test
    void listsEverySetOfOptions() throws Exception {
        assertThat(between("<!-- options compared with runc -->"))
                .containsExactlyElementsOf(Stream.of(Options.values())
                        .map(each -> "* " + (each == Options.DEFAULT ? each : "`" + each + "`"))
                        .toList());
    }

    /// The rows or items that follow a mark, without a table's head.
    private static List<String> between(String mark) throws Exception {
        List<String> lines = Files.readAllLines(DOCUMENT);
        return lines.stream()
                .skip(lines.indexOf(mark) + 1L)
                .takeWhile(line -> !line.equals("<!-- end -->"))
                .filter(line -> !line.isEmpty() && !line.startsWith("| difference |") && !line.startsWith("|---"))
                .toList();
    }
}
