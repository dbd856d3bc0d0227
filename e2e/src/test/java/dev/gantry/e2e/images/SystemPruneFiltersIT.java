package dev.gantry.e2e.images;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.e2e.ClientKind;
import dev.gantry.e2e.EverySetup;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// `system prune` with filters, which hold for everything that it removes, and what `--dry-run` says of the same.
@EverySetup
class SystemPruneFiltersIT extends OwnImages {
    private static final String NOTHING = "Total reclaimed space: 0B";

    private String old = "";
    private String red = "";
    private String blue = "";

    SystemPruneFiltersIT() {
        super("systemprunes");
    }

    /// A dangling image, one without containers, and containers that do not run of another one.
    @BeforeEach
    void makeAMess() throws IOException {
        old = imported("systemprunes:1", "LABEL color=red");
        imported("systemprunes:1", "LABEL color=blue");
        imported("systemprunes:used", "LABEL color=red");
        red = container("color=red");
        blue = container("color=blue");
    }

    private String container(String label) throws IOException {
        return ok("create", "--label", label, "systemprunes:used", "true");
    }

    private static String[] words(String first, String... filters) {
        return Stream.concat(
                        Stream.of(first.split(" ")), Stream.of(filters).flatMap(each -> Stream.of("--filter", each)))
                .toArray(String[]::new);
    }

    private String prune(String... filters) throws IOException {
        return ok(words("system prune -f", filters));
    }

    private String pruneAll(String... filters) throws IOException {
        return ok(words("system prune -f -a", filters));
    }

    private List<String> names() throws IOException {
        return lines("images", "--format", "{{.Repository}}:{{.Tag}}", "-f", own());
    }

    @Test
    void takesContainersAndDanglingImagesWithTheLabels() throws IOException {
        assertThat(prune("label=color=green")).isEqualTo(NOTHING);
        String output = prune("label=color=red");
        assertThat(output)
                .contains("Deleted Containers:\n" + red + "\n\n", "Deleted Images:\ndeleted: " + old + "\n")
                .doesNotContain(blue, "untagged");
        assertThat(names()).containsExactlyInAnyOrder("systemprunes:1", "systemprunes:used");
        assertThat(ok("ps", "-aq", "--no-trunc")).isEqualTo(blue);
    }

    @Test
    void takesImagesThatNoContainerUsesAnyMore() throws IOException {
        String output = pruneAll(own(), "label=color=blue");
        // a container has its image's labels
        assertThat(output).contains("untagged: systemprunes:1\n", blue).doesNotContain(red, old);
        assertThat(pruneAll("label=color=red", "label=nothing")).isEqualTo(NOTHING);
        assertThat(names()).containsExactlyInAnyOrder("<none>:<none>", "systemprunes:used");
        assertThat(prune(own())).contains(red, old);
        assertThat(pruneAll(own())).contains("untagged: systemprunes:used\n");
        assertThat(names()).isEmpty();
    }

    @Test
    void takesWhatDoesNotHaveTheLabels() throws IOException {
        String output = pruneAll(own(), "label!=color=red");
        assertThat(output)
                .contains("Deleted Containers:\n" + blue + "\n\n", "untagged: systemprunes:1\n")
                .doesNotContain(red, old, "systemprunes:used");
        assertThat(names()).containsExactlyInAnyOrder("<none>:<none>", "systemprunes:used");
    }

    @Test
    void takesWhatIsOldEnough() throws IOException {
        assertThat(pruneAll("until=1h", own())).isEqualTo(NOTHING);
        // dockerd wants a duration, for its build cache, and counts whole seconds
        assertThat(prune("until=-1h", own())).contains(red, blue, old);
        assertThat(fails(1, words("system prune -f", "until=soon")))
                .endsWith("failed to parse value as time or duration: \"soon\"");
        assertThat(fails(1, words("system prune -f", "color=red"))).containsIgnoringCase("invalid filter 'color'");
        assertThat(names()).containsExactlyInAnyOrder("systemprunes:1", "systemprunes:used");
    }

    /// Gantry's own flag: the same filters name the same things and the same space.
    @Test
    void saysBeforeWhatAFilterMeans() throws IOException {
        if (setup.client().kind() != ClientKind.GANTRY || !setup.onGantry()) {
            return; // others have no such flag
        }
        assertThat(ok(words("system prune --dry-run -a", "label=color=green"))).isEqualTo("nothing would be removed");
        assertThat(ok(words("system prune --dry-run -a", "until=1h"))).isEqualTo("nothing would be removed");
        for (String filter : List.of("label=color=red", "label!=color=red")) {
            String said = ok(words("system prune --dry-run -a", own(), filter));
            List<String> rows = said.lines()
                    .filter(line -> line.matches("(container|image) .*"))
                    .map(line -> line.split(" +", 3)[1])
                    .toList();
            assertThat(rows).as(said).hasSize(2);
            String done = pruneAll(own(), filter);
            assertThat(rows).allSatisfy(id -> assertThat(done).contains(id));
            assertThat(done.substring(done.lastIndexOf(' '))).isEqualTo(said.substring(said.lastIndexOf(' ')));
            assertThat(ok(words("system prune --dry-run -a", own(), filter))).isEqualTo("nothing would be removed");
        }
        assertThat(fails(1, words("system prune --dry-run", "color=red"))).contains("invalid filter 'color'");
    }
}
