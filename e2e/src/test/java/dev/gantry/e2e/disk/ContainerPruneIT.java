package dev.gantry.e2e.disk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.e2e.EndToEnd;
import dev.gantry.e2e.EverySetup;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// `container prune`: what goes and what stays, what is printed, and what it frees.
@EverySetup
class ContainerPruneIT extends EndToEnd {
    private static final String NOTHING = "Total reclaimed space: 0B";

    private String created(String... options) throws IOException {
        List<String> words = new ArrayList<>(List.of("create"));
        words.addAll(List.of(options));
        words.addAll(List.of(IMAGE, "true"));
        return ok(words.toArray(String[]::new));
    }

    private String prune(String... filters) throws IOException {
        return ok(Stream.concat(
                        Stream.of("container", "prune", "-f"),
                        Stream.of(filters).flatMap(each -> Stream.of("--filter", each)))
                .toArray(String[]::new));
    }

    private static List<String> deleted(String output) {
        return output.lines().filter(line -> line.matches("[0-9a-f]{64}")).toList();
    }

    @Test
    void takesWhatDoesNotRun() throws IOException {
        String running = background("sleep 1000");
        String paused = background("sleep 1000");
        ok("pause", paused);
        String never = created();
        String exited = newName();
        ok("run", "--name", exited, IMAGE, "sh", "-c", "head -c 300000 /dev/zero > /x");
        String exitedId = inspect(exited).at("/Id").asString();

        String output = prune();
        assertThat(output).startsWith("Deleted Containers:\n").contains("\n\nTotal reclaimed space: ");
        assertThat(deleted(output)).containsExactlyInAnyOrder(never, exitedId);
        // the file and what the container's end has left
        assertThat(output.substring(output.lastIndexOf(' ') + 1)).matches("3\\d\\d(\\.\\d+)?kB");
        assertThat(ok("ps", "-a", "--format", "{{.Names}}").lines()).containsExactlyInAnyOrder(running, paused);
        assertThat(prune()).isEqualTo(NOTHING);
        ok("unpause", paused);
    }

    @Test
    void takesWhatHasTheLabels() throws IOException {
        String red = created("--label", "color=red", "--label", "round");
        String blue = created("--label", "color=blue", "--label", "round");
        String none = created();
        assertThat(prune("label=color=green")).isEqualTo(NOTHING);
        assertThat(prune("label=color=red", "label=square")).isEqualTo(NOTHING);
        assertThat(deleted(prune("label=color=red", "label=round"))).containsExactly(red);
        assertThat(deleted(prune("label!=color"))).containsExactly(none);
        assertThat(deleted(prune("label=color"))).containsExactly(blue);
    }

    @Test
    void takesWhatIsOldEnough() throws IOException {
        String first = created();
        String second = created();
        assertThat(prune("until=1h")).isEqualTo(NOTHING);
        assertThat(prune("until=2020-01-01T00:00:00")).isEqualTo(NOTHING);
        assertThat(deleted(prune("until=" + inspect(first).at("/Created").asString())))
                .containsExactly(first);
        assertThat(deleted(prune("until=2100-01-01"))).containsExactly(second);
    }

    @Test
    void refusesFiltersThatItDoesNotKnow() throws IOException {
        created();
        for (String filter : List.of("color=red", "dangling=true", "name=x")) {
            assertThat(fails(1, "container", "prune", "-f", "--filter", filter)).containsIgnoringCase("invalid filter");
        }
        assertThat(fails(1, "container", "prune", "-f", "--filter", "until=soon"))
                .endsWith("failed to parse value as time or duration: \"soon\"");
        assertThat(ok("ps", "-aq").lines()).hasSize(1);
    }
}
