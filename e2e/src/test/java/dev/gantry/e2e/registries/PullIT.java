package dev.gantry.e2e.registries;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.e2e.EndToEnd;
import dev.gantry.e2e.EverySetup;
import dev.gantry.e2e.LocalRegistry;
import dev.gantry.e2e.PtyCommand;
import dev.gantry.e2e.Result;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// `pull`, and what `run` and `create` pull.
@EverySetup
class PullIT extends EndToEnd {
    private static LocalRegistry registry;
    private static String thing;

    @BeforeAll
    static void fillARegistry() throws IOException {
        registry = LocalRegistry.start();
        thing = registry.host() + "/team/thing";
        registry.add("team/thing:1", Map.of("one", "first\n"));
        registry.add("team/thing:2", Map.of("two", "second\n"));
        registry.add("other:latest", Map.of("other", "other\n"));
    }

    @AfterAll
    static void closeIt() throws IOException {
        registry.close();
    }

    @AfterEach
    void removeWhatWasPulled() throws IOException {
        List<String> ids = Stream.of(thing, registry.host() + "/other")
                .flatMap(name -> idsOf(name).stream())
                .distinct()
                .toList();
        for (String id : ids) {
            ok("rmi", "-f", id);
        }
    }

    private List<String> idsOf(String repository) {
        try {
            return ok("images", "-q", "--no-trunc", repository).lines().toList();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void fetchesAnImageAndTellsEachStep() throws IOException {
        List<String> lines = ok("pull", thing + ":1").lines().toList();
        assertThat(lines.getFirst()).isEqualTo("1: Pulling from team/thing");
        // dockerd knows the lower one from its own busybox
        List<String> layers = layers(lines, ": Pulling fs layer");
        assertThat(layers).hasSizeBetween(setup.onGantry() ? 2 : 1, 2);
        assertThat(layers(lines, ": Pull complete")).containsExactlyInAnyOrderElementsOf(layers);
        assertThat(lines.subList(lines.size() - 3, lines.size()))
                .satisfiesExactly(
                        line -> assertThat(line).matches("Digest: sha256:[0-9a-f]{64}"),
                        line -> assertThat(line).isEqualTo("Status: Downloaded newer image for " + thing + ":1"),
                        line -> assertThat(line).isEqualTo(thing + ":1"));
        assertThat(ok("run", "--rm", thing + ":1", "cat", "/one")).isEqualTo("first");

        List<String> again = ok("pull", thing + ":1").lines().toList();
        assertThat(again).contains("Status: Image is up to date for " + thing + ":1");
        assertThat(again).noneMatch(line -> line.contains("fs layer"));
    }

    private static List<String> layers(List<String> lines, String step) {
        return lines.stream()
                .filter(line -> line.endsWith(step))
                .map(line -> line.substring(0, 12))
                .toList();
    }

    @Test
    void knowsTheDigestOfTheRegistry() throws IOException {
        String digest = ok("pull", thing + ":1")
                .lines()
                .filter(line -> line.startsWith("Digest: "))
                .findFirst()
                .orElseThrow()
                .substring("Digest: ".length());
        JsonNode image = json(ok("image", "inspect", thing + ":1")).get(0);
        assertThat(image.at("/RepoDigests/0").asString()).isEqualTo(thing + "@" + digest);
        assertThat(image.at("/RepoTags/0").asString()).isEqualTo(thing + ":1");
        ok("rmi", thing + ":1");

        ok("pull", thing + "@" + digest);
        assertThat(ok("run", "--rm", thing + "@" + digest, "cat", "/one")).isEqualTo("first");
        assertThat(ok("images", "--digests", "--format", "{{.Repository}} {{.Tag}} {{.Digest}}", thing))
                .isEqualTo(thing + " <none> " + digest);
    }

    @Test
    void fetchesOnlyWhatIsMissing() throws IOException {
        ok("pull", thing + ":1");
        List<String> lines = ok("pull", thing + ":2").lines().toList();
        assertThat(lines).filteredOn(line -> line.endsWith(": Already exists")).hasSize(1);
        assertThat(lines).filteredOn(line -> line.endsWith(": Pull complete")).hasSize(1);
        assertThat(ok("run", "--rm", thing + ":2", "cat", "/two")).isEqualTo("second");
    }

    @Test
    void saysNothingButTheNameWhenQuiet() throws IOException {
        Result result = call("pull", "-q", registry.host() + "/other");
        assertThat(result.exit()).as(result::toString).isZero();
        assertThat(result.out()).isEqualTo(registry.host() + "/other:latest\n");
    }

    @Test
    void fetchesEveryTag() throws IOException {
        List<String> lines = ok("pull", "-a", thing).lines().toList();
        assertThat(lines).contains("1: Pulling from team/thing", "2: Pulling from team/thing");
        assertThat(lines).contains("Status: Downloaded newer image for " + thing);
        assertThat(ok("images", "--format", "{{.Tag}}", thing).lines()).containsExactlyInAnyOrder("1", "2");
        assertThat(fails(1, "pull", "-a", thing + ":1")).isEqualTo("tag can't be used with --all-tags/-a");
    }

    @Test
    void happensForAContainerOfAMissingImage() throws IOException {
        Result result = call("run", "--rm", thing + ":1", "cat", "/one");
        assertThat(result.exit()).as(result::toString).isZero();
        assertThat(result.out()).isEqualTo("first\n");
        assertThat(result.err())
                .startsWith("Unable to find image '" + thing + ":1' locally\n1: Pulling from team/thing\n")
                .contains("Status: Downloaded newer image for " + thing + ":1\n");
        assertThat(fails(125, "run", "--rm", "--pull", "never", thing + ":2", "true"))
                .contains("No such image: " + thing + ":2");
        Result always = call("run", "--rm", "--pull", "always", thing + ":1", "cat", "/one");
        assertThat(always.err()).contains("Status: Image is up to date for " + thing + ":1\n");
        Result quiet = call("run", "--rm", "-q", thing + ":2", "cat", "/two");
        assertThat(quiet.out()).isEqualTo("second\n");
        assertThat(quiet.err()).doesNotContain("Pulling", "locally");
    }

    @Test
    void drawsABarForEachLayerOnATerminal() throws IOException {
        try (PtyCommand pull = setup.client().startOnTerminal("pull", thing + ":1")) {
            Result result = pull.await();
            assertThat(result.exit()).as(result::toString).isZero();
            // up to a layer's line, which is emptied and written again, and down
            assertThat(result.out()).containsPattern("\033\\[\\dA\033\\[2K\r?[0-9a-f]{12}: Pull complete ");
            assertThat(result.out()).contains("\033[1B");
            assertThat(result.out()).endsWith(thing + ":1\r\n");
        }
    }

    @Test
    void saysWhatThereIsNot() throws IOException {
        assertThat(fails(1, "pull", thing + ":nope"))
                .contains("manifest for " + thing + ":nope not found: manifest unknown");
        assertThat(fails(1, "pull", registry.host() + "/nobody/nothing")).contains("not found");
        assertThat(fails(1, "pull", "127.0.0.1:1/thing")).contains("127.0.0.1:1", "connection refused");
        assertThat(fails(1, "pull", "Not/Valid")).contains("invalid reference format");
        if (setup.onGantry()) {
            // dockerd of 20.10 takes what it gets
            assertThat(fails(1, "pull", "--platform", "linux/s390x", thing + ":1"))
                    .contains("linux/s390x");
        }
        assertThat(ok("images", "-q", thing)).isEmpty();
    }
}
