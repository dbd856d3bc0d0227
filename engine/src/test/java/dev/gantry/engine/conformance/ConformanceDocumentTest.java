package dev.gantry.engine.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.engine.EngineOptions;
import dev.gantry.engine.system.HostInformation;
import dev.gantry.engine.system.Machine;
import dev.gantry.engine.view.SystemView.Counts;
import dev.gantry.runtime.refusal.UnsupportedItem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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

    @Test
    void listsEverythingThatInfoCallsUnsupported(@TempDir Path dataRoot) throws Exception {
        HostInformation information = HostInformation.open(
                EngineOptions.of(dataRoot, dataRoot.resolve("run")),
                () -> EngineOptions.Registries.NOTHING_SPECIAL,
                Machine.facts(),
                () -> new Counts(0, 0, 0, 0, 0),
                () -> 0);

        assertThat(between("<!-- unsupported -->"))
                .hasSizeGreaterThan(UnsupportedItem.values().length)
                .containsExactlyElementsOf(information.view().unsupported().stream()
                        .map(each -> "| `" + each.asked() + "` | " + each.answer() + " |")
                        .toList());
    }

    /// The rows or items that follow a mark, without a table's head.
    private static List<String> between(String mark) throws Exception {
        List<String> lines = Files.readAllLines(DOCUMENT);
        return lines.stream()
                .skip(lines.indexOf(mark) + 1L)
                .takeWhile(line -> !line.equals("<!-- end -->"))
                .filter(line -> !line.isEmpty()
                        && !line.matches("\\| (difference|asked for) \\|.*")
                        && !line.startsWith("|---"))
                .toList();
    }
}
