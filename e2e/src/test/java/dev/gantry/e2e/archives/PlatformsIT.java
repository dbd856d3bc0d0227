package dev.gantry.e2e.archives;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.e2e.ClientKind;
import dev.gantry.e2e.EndToEnd;
import dev.gantry.e2e.GantryOnly;
import dev.gantry.e2e.LocalRegistry;
import dev.gantry.e2e.Result;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// Names that lead to an index, as users of Docker's containerd image store know them.
@GantryOnly
class PlatformsIT extends EndToEnd {
    private static LocalRegistry registry;
    private static String thing;
    private static String digest;

    @TempDir
    private Path directory;

    @BeforeAll
    static void fillARegistry() throws IOException {
        registry = LocalRegistry.start();
        thing = registry.host() + "/thing:1";
        registry.add("thing:a", "amd64", Map.of("arch", "amd64\n"));
        registry.add("thing:s", "s390x", Map.of("arch", "s390x\n"));
        digest = registry.addIndex("thing:1", Map.of("amd64", "a", "s390x", "s"));
    }

    @AfterAll
    static void closeIt() throws IOException {
        registry.close();
    }

    @AfterEach
    void removeWhatWasPulled() throws IOException {
        List<String> names = ok("images", "--format", "{{.Repository}}:{{.Tag}}")
                .lines()
                .filter(name -> name.startsWith(registry.host()))
                .toList();
        for (String name : names) {
            Result _ = call("rmi", "-f", name);
        }
        assertThat(ok("images", "-aq", registry.host() + "/*")).isEmpty();
    }

    private String architecture(String... options) throws IOException {
        String[] words = new String[options.length + 5];
        System.arraycopy(new String[] {"image", "inspect", "-f", "{{.Architecture}}", thing}, 0, words, 0, 5);
        System.arraycopy(options, 0, words, 5, options.length);
        return ok(words);
    }

    @Test
    void aNameKeepsEveryPlatformThatWasPulled() throws IOException {
        assertThat(ok("pull", thing)).contains("Digest: " + digest);
        assertThat(architecture()).isEqualTo("amd64");
        ok("pull", "--platform", "linux/s390x", thing);
        assertThat(architecture()).isEqualTo("s390x");
        assertThat(architecture("--platform", "linux/amd64")).isEqualTo("amd64");
        assertThat(architecture("--platform", "linux/s390x")).isEqualTo("s390x");
        assertThat(ok("images", "-q", registry.host() + "/thing").lines()).hasSize(1);
        assertThat(ok("images", "-q", "-f", "dangling=true")).isEmpty();
        assertThat(ok("image", "inspect", "-f", "{{.RepoDigests}}", thing))
                .isEqualTo("[" + registry.host() + "/thing@" + digest + "]");
        assertThat(ok("image", "prune", "-f")).isEqualTo("Total reclaimed space: 0B");
        assertThat(ok("run", "--rm", "--platform", "linux/amd64", thing, "cat", "/arch"))
                .isEqualTo("amd64");
        assertThat(fails(1, "image", "inspect", "--platform", "linux/arm64", thing))
                .contains("does not match the specified platform: wanted linux/arm64");
        ok("pull", thing);
        assertThat(architecture()).isEqualTo("amd64");
    }

    @Test
    void theApiTellsThePlatformsOfAName() throws IOException {
        ok("pull", "-q", thing);
        JsonNode image = api("/v1.48/images/" + thing + "/json?manifests=true");
        assertThat(image.at("/Descriptor/digest").asString()).isEqualTo(digest);
        assertThat(image.path("Manifests"))
                .extracting(each -> each.at("/ImageData/Platform/architecture").asString() + " "
                        + each.path("Available").asBoolean())
                .containsExactlyInAnyOrder("amd64 true", "s390x false");
        assertThat(api("/v1.48/images/" + thing + "/json").has("Manifests")).isFalse();
        assertThat(api("/v1.47/images/" + thing + "/json?manifests=true").propertyNames())
                .doesNotContain("Manifests", "Descriptor");
    }

    @Test
    void aTreeShowsThePlatformsOfAName() throws IOException {
        ok("pull", "-q", thing);
        List<String> tree = ok("images", "--tree", "--filter", "reference=" + thing)
                .lines()
                .map(String::strip)
                .toList();
        assertThat(tree).filteredOn(line -> line.startsWith(thing)).hasSize(1);
        assertThat(tree).anyMatch(line -> line.matches("[├└]─ linux/amd64 +[0-9a-f]{12} +[0-9.]+MB +[0-9.]+MB.*"));
        if (setup.client().kind() == ClientKind.GANTRY) {
            assertThat(tree).anyMatch(line -> line.matches("[├└]─ linux/s390x +[0-9a-f]{12} +- +-"));
        }
    }

    @Test
    void aPlatformThatIsMissingIsPulledForAContainer() throws IOException {
        ok("pull", "-q", thing);
        Result run = call("run", "--rm", "--platform", "linux/s390x", thing, "cat", "/arch");
        assertThat(run.out()).as(run::toString).isEqualTo("s390x\n");
        assertThat(architecture("--platform", "linux/amd64")).isEqualTo("amd64");
    }

    @Test
    void aPlatformIsRemovedAloneAndTheLastWithTheName() throws IOException {
        ok("pull", "-q", thing);
        ok("pull", "-q", "--platform", "linux/s390x", thing);
        String s390x = ok("image", "inspect", "-f", "{{.Id}}", thing);
        assertThat(ok("rmi", "--platform", "linux/s390x", thing)).startsWith("Deleted: " + s390x);
        assertThat(architecture()).isEqualTo("amd64");
        ok("pull", "-q", "--platform", "linux/s390x", thing);
        assertThat(ok("rmi", thing).lines())
                .contains("Untagged: " + thing, "Untagged: " + registry.host() + "/thing@" + digest)
                .filteredOn(line -> line.startsWith("Deleted: "))
                .hasSizeGreaterThanOrEqualTo(4);
        assertThat(call("image", "inspect", s390x).exit()).isEqualTo(1);
    }

    /// A name at the registry that this test alone uses, for what `thing` leads to here.
    private String newTag() throws IOException {
        String name = registry.host() + "/" + newName() + ":1";
        ok("tag", thing, name);
        return name;
    }

    @Test
    void aPushSendsTheIndexWithAllPlatforms() throws IOException {
        ok("pull", "-q", "--platform", "linux/s390x", thing);
        ok("pull", "-q", thing);
        String name = newTag();
        assertThat(ok("push", name))
                .contains("1: digest: " + digest + " size: ")
                .doesNotContain("Info");
        ok("rmi", name);
        ok("rmi", thing);
        ok("pull", "-q", "--platform", "linux/s390x", name);
        assertThat(ok("image", "inspect", "-f", "{{.Architecture}} {{.RepoDigests}}", name))
                .isEqualTo("s390x [" + name.substring(0, name.length() - 2) + "@" + digest + "]");
        ok("rmi", name);
    }

    @Test
    void aPushOfOnePlatformSendsNoIndex() throws IOException {
        ok("pull", "-q", "--platform", "linux/s390x", thing);
        String name = newTag();
        String pushed = ok("push", name);
        assertThat(pushed)
                .contains(
                        "Info -> Not all multiplatform-content is present and only the available single-platform image"
                                + " was pushed",
                        "\033[31m" + digest + "\033[0m -> \033[32msha256:")
                .doesNotContain("digest: " + digest);
        ok("pull", "-q", thing);
        assertThat(ok("push", "--platform", "linux/amd64", name))
                .contains("Using --platform pushes only the specified platform manifest")
                .doesNotContain("digest: " + digest);
        ok("rmi", name);
        ok("pull", "-q", name);
        assertThat(ok("image", "inspect", "-f", "{{.Architecture}}", name)).isEqualTo("amd64");
        assertThat(fails(1, "push", "--platform", "linux/arm64", name)).contains("does not match");
        ok("rmi", name);
    }

    @Test
    void aPushOfAnIndexNeedsWhatItLeadsTo() throws IOException {
        registry.add("three:a", "amd64", Map.of("arch", "amd64\n"));
        registry.add("three:s", "s390x", Map.of("arch", "s390x\n"));
        registry.add("three:r", "riscv64", Map.of("arch", "riscv64\n"));
        String index = registry.addIndex("three:1", Map.of("amd64", "a", "s390x", "s", "riscv64", "r"));
        String three = registry.host() + "/three:1";
        ok("pull", "-q", "--platform", "linux/s390x", three);
        ok("pull", "-q", three);
        String elsewhere = registry.host() + "/" + newName() + ":1";
        ok("tag", three, elsewhere);
        Result refused = call("push", elsewhere);
        assertThat(refused.exit()).as(refused::toString).isEqualTo(1);
        assertThat(refused.err())
                .contains("(linux/riscv64) of index " + index + " is neither here nor at the registry");
        assertThat(refused.out()).contains("Make sure you have all the referenced content and try again.");
        // where it came from, all of it is there
        assertThat(ok("push", three)).contains("1: digest: " + index);
        ok("rmi", elsewhere);
        ok("rmi", three);
    }

    @Test
    void anArchiveHasAllPlatformsOrOne() throws IOException {
        ok("pull", "-q", "--platform", "linux/s390x", thing);
        ok("pull", "-q", thing);
        String all = directory.resolve("all.tar").toString();
        String one = directory.resolve("one.tar").toString();
        ok("save", "-o", all, thing);
        ok("save", "--platform", "linux/s390x", "-o", one, thing);
        ok("rmi", thing);
        assertThat(ok("load", "-i", all)).isEqualTo("Loaded image: " + thing);
        assertThat(architecture()).isEqualTo("amd64");
        assertThat(architecture("--platform", "linux/s390x")).isEqualTo("s390x");
        ok("rmi", thing);
        ok("load", "-i", one);
        assertThat(architecture()).isEqualTo("s390x");
        ok("rmi", thing);
        ok("load", "--platform", "linux/s390x", "-i", all);
        assertThat(architecture()).isEqualTo("s390x");
        assertThat(fails(1, "image", "inspect", "--platform", "linux/amd64", thing))
                .contains("does not match");
    }
}
