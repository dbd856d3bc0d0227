package dev.gantry.e2e.images;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.e2e.EverySetup;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// `history`: the steps that made an image, newest first.
@EverySetup
class HistoryIT extends OwnImages {
    /// Longer than its column.
    private static final String SCRIPT = "echo 0123456789 0123456789 0123456789 0123456789";

    @TempDir
    private Path directory;

    private String base = "";
    private String child = "";

    HistoryIT() {
        super("history");
    }

    /// An image that was imported, and one that was committed from a container of it.
    @BeforeEach
    void makeThem() throws IOException {
        base = imported("history:base");
        String container = ok("create", "history:base", "sh", "-c", SCRIPT);
        child = ok("commit", "-m", "a second step", container, "history:child");
    }

    /// The lines of a table, with single spaces and without what follows.
    private List<String> table(String... words) throws IOException {
        return lines(words).stream()
                .map(line -> line.strip().replaceAll(" {2,}", " | "))
                .toList();
    }

    @Test
    void isATable() throws IOException {
        assertThat(table("history", "history:child"))
                .satisfiesExactly(
                        line -> assertThat(line).isEqualTo("IMAGE | CREATED | CREATED BY | SIZE | COMMENT"),
                        line -> assertThat(line)
                                .matches(shortened(child) + " \\| .* ago \\| sh -c echo 0123456789 0123456789"
                                        + " 0123456789 … \\| 0B \\| a second step"),
                        line -> assertThat(line)
                                .matches(shortened(base) + " \\| .* ago \\| \\d\\.?\\d*MB \\| Imported from -"));
        assertThat(table("image", "history", "--no-trunc", "history:child"))
                .satisfiesExactly(
                        line -> assertThat(line).isEqualTo("IMAGE | CREATED | CREATED BY | SIZE | COMMENT"),
                        line -> assertThat(line)
                                .startsWith(child + " | ")
                                .endsWith(" ago | sh -c " + SCRIPT + " | 0B | a second step"),
                        line -> assertThat(line).startsWith(base + " | "));
        // the base's own, by whatever it is called
        for (String name : List.of("history:base", base, shortened(base))) {
            assertThat(table("history", name))
                    .hasSize(2)
                    .last()
                    .satisfies(line -> assertThat(line).startsWith(shortened(base) + " | "));
        }
    }

    @Test
    void isForMachinesToo() throws IOException {
        String size = ok("image", "inspect", "-f", "{{.Size}}", "history:base");
        assertThat(table("history", "-H=false", "history:child"))
                .satisfiesExactly(
                        line -> assertThat(line).isEqualTo("IMAGE | CREATED AT | CREATED BY | SIZE | COMMENT"),
                        line -> assertThat(line)
                                .matches(
                                        shortened(child)
                                                + " \\| \\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ \\| sh -c .*… \\| 0 \\| a second step"),
                        line -> assertThat(line).endsWith("Z | " + size + " | Imported from -"));
        assertThat(lines("history", "--human=false", "--format", "{{.Size}} {{.CreatedSince}}", "history:base"))
                .singleElement()
                .satisfies(line -> assertThat(line).matches(size + " \\d{4}-.*Z"));
    }

    @Test
    void isAListOfIds() throws IOException {
        assertThat(lines("history", "-q", "history:child")).containsExactly(shortened(child), shortened(base));
        assertThat(lines("history", "-q", "--no-trunc", "history:child")).containsExactly(child, base);
        assertThat(lines("history", "-q", "--format", "{{.ID}}!", "history:child"))
                .containsExactly(shortened(child) + "!", shortened(base) + "!");
    }

    @Test
    void isWhatATemplateMakesOfIt() throws IOException {
        assertThat(lines("history", "--format", "{{.ID}}|{{.CreatedBy}}|{{.Size}}|{{.Comment}}", "history:child"))
                .satisfiesExactly(
                        line -> assertThat(line)
                                .startsWith(shortened(child) + "|sh -c echo 0123456789")
                                .endsWith("…|0B|a second step"),
                        line -> assertThat(line).matches(shortened(base) + "\\|\\|.*MB\\|Imported from -"));
        assertThat(table("history", "--format", "table {{.Comment}}\t{{.Size}}", "history:child"))
                .startsWith("COMMENT | SIZE", "a second step | 0B");
        JsonNode step = json(lines("history", "--no-trunc", "--format", "json", "history:child")
                .getFirst());
        assertThat(step.propertyNames())
                .containsExactlyInAnyOrder("Comment", "CreatedAt", "CreatedBy", "CreatedSince", "ID", "Size");
        assertThat(step.at("/ID").asString()).isEqualTo(child);
        assertThat(step.at("/CreatedBy").asString()).isEqualTo("sh -c " + SCRIPT);
        assertThat(fails(1, "history", "--format", "{{.Nope}}", "history:child"))
                .isEqualTo("template parsing error: template: :1:2: executing \"\" at <.Nope>: can't evaluate field"
                        + " Nope in type *image.historyContext");
        assertThat(fails(1, "history", "--format", "{{.ID", "history:child"))
                .isEqualTo("template parsing error: template: :1: unclosed action");
    }

    /// What an archive says of the steps before the last is not where they are.
    @Test
    void hasStepsWhoseImagesAreMissing() throws IOException {
        String archive = directory.resolve("history.tar").toString();
        ok("save", "-o", archive, "history:child");
        setup.daemon().removeContainers();
        ok("rmi", "history:child", "history:base");
        ok("load", "-i", archive);
        assertThat(lines("history", "-q", "--no-trunc", "history:child")).containsExactly(child, "<missing>");
        assertThat(lines("history", "--format", "{{.ID}}|{{.Comment}}", "history:child"))
                .containsExactly(shortened(child) + "|a second step", "<missing>|Imported from -");
        JsonNode steps = api("/images/history:child/history");
        assertThat(steps.at("/0/Tags").toString()).isEqualTo("[\"history:child\"]");
        assertThat(steps.at("/1/Tags").isNull()).as(steps::toString).isTrue();
    }

    @Test
    void hasItsParentsNames() throws IOException {
        ok("tag", "history:base", "history:also");
        JsonNode steps = api("/images/history:child/history");
        assertThat(steps.at("/0/Tags").toString()).isEqualTo("[\"history:child\"]");
        assertThat(steps.at("/1/Tags").valueStream().map(JsonNode::asString))
                .containsExactlyInAnyOrder("history:base", "history:also");
        assertThat(steps.at("/1/Id").asString()).isEqualTo(base);
        assertThat(steps.at("/1/Created").asLong()).isBetween(1_700_000_000L, 4_000_000_000L);
    }

    @Test
    void isOfAnImageThatIsHere() throws IOException {
        assertThat(fails(1, "history", "no-such-image"))
                .isEqualTo("Error response from daemon: No such image: no-such-image:latest");
        assertThat(fails(1, "history", "-q", "history:nope"))
                .isEqualTo("Error response from daemon: No such image: history:nope");
        assertThat(fails(1, "history", "Upper")).contains("invalid reference format: repository name ");
        assertThat(fails(1, "history", "history:base", "history:child")).contains("requires 1 argument");
    }
}
