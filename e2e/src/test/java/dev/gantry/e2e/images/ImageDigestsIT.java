package dev.gantry.e2e.images;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.e2e.EndToEnd;
import dev.gantry.e2e.EverySetup;
import dev.gantry.e2e.LocalRegistry;
import dev.gantry.e2e.Result;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Images that are known by the digest that a registry has them by: how they are listed and removed.
@EverySetup
class ImageDigestsIT extends EndToEnd {
    private static LocalRegistry registry;
    private static String repository;

    private String id = "";
    /// The repository with the digest.
    private String pinned = "";

    @BeforeAll
    static void fillARegistry() throws IOException {
        registry = LocalRegistry.start();
        repository = registry.host() + "/digests/one";
        registry.add("digests/one:1", Map.of("one", "first\n"));
    }

    @AfterAll
    static void closeIt() throws IOException {
        registry.close();
    }

    @BeforeEach
    void pull() throws IOException {
        ok("pull", "-q", repository + ":1");
        id = ok("image", "inspect", "-f", "{{.Id}}", repository + ":1");
        pinned = ok("image", "inspect", "-f", "{{index .RepoDigests 0}}", repository + ":1");
        assertThat(pinned).matches(repository + "@sha256:[0-9a-f]{64}");
    }

    @AfterEach
    void removeIt() throws IOException {
        setup.daemon().removeContainers();
        Result _ = call("rmi", "-f", id);
    }

    private String digest() {
        return pinned.substring(repository.length() + 1);
    }

    private void pullByDigestAlone() throws IOException {
        ok("rmi", "-f", id);
        ok("pull", "-q", pinned);
    }

    /// The names that lead to the image, with the digests that stand beside them.
    private List<String> names() throws IOException {
        return ok("images", "--digests", "--no-trunc", "--format", "{{.Repository}} {{.Tag}} {{.Digest}} {{.ID}}")
                .lines()
                .filter(line -> line.endsWith(" " + id))
                .map(line -> line.substring(0, line.lastIndexOf(' ')).replace(repository, "REPOSITORY"))
                .map(line -> line.replace(digest(), "DIGEST"))
                .toList();
    }

    private boolean exists() throws IOException {
        return call("image", "inspect", id).exit() == 0;
    }

    @Test
    void areListedBesideTags() throws IOException {
        assertThat(names()).containsExactly("REPOSITORY 1 DIGEST");
        assertThat(ok("images", "--digests", repository).lines().toList().getLast())
                .matches(repository + " +1 +" + digest() + " +" + id.substring(7, 19) + " +.* ago +.*MB");
        ok("tag", repository + ":1", "digests-local:x");
        assertThat(names()).containsExactlyInAnyOrder("REPOSITORY 1 DIGEST", "digests-local x <none>");
    }

    @Test
    void areListedWithoutTag() throws IOException {
        pullByDigestAlone();
        assertThat(names()).containsExactly("REPOSITORY <none> DIGEST");
        // without the column it takes one line all the same
        assertThat(ok("images", "--format", "{{.Repository}} {{.Tag}}", repository))
                .isEqualTo(repository + " <none>");
        assertThat(ok("images", "-q", "--no-trunc", pinned)).isEqualTo(id);
        assertThat(ok("images", "-q", "--no-trunc", "-f", "reference=" + pinned))
                .isEqualTo(id);
        assertThat(ok("images", "-q", "--no-trunc", "-f", "dangling=true").lines())
                .contains(id);
        assertThat(ok("image", "inspect", "-f", "{{.RepoTags}} {{.RepoDigests}}", pinned))
                .isEqualTo("[] [" + pinned + "]");
        ok("tag", pinned, repository + ":mine");
        assertThat(names()).containsExactly("REPOSITORY mine DIGEST");
    }

    @Test
    void areTakenAwayAlone() throws IOException {
        assertThat(ok("rmi", pinned)).isEqualTo("Untagged: " + pinned);
        assertThat(names()).containsExactly("REPOSITORY 1 <none>");
        assertThat(fails(1, "rmi", pinned)).endsWith("No such image: " + pinned);
        assertThat(ok("rmi", repository + ":1").lines())
                .startsWith("Untagged: " + repository + ":1", "Deleted: " + id)
                .noneMatch(line -> line.contains("@"));
        assertThat(exists()).isFalse();
    }

    /// Of a name with both, the digest counts.
    @Test
    void areTakenAwayWithATagBeforeThem() throws IOException {
        String both = repository + ":1@" + digest();
        assertThat(ok("rmi", both)).isEqualTo("Untagged: " + both);
        assertThat(names()).containsExactly("REPOSITORY 1 <none>");
    }

    @Test
    void goWithTheLastTagOfTheirRepository() throws IOException {
        ok("tag", repository + ":1", repository + ":2");
        ok("tag", repository + ":1", "digests-local:x");
        assertThat(ok("rmi", repository + ":1")).isEqualTo("Untagged: " + repository + ":1");
        assertThat(ok("rmi", repository + ":2").lines())
                .containsExactly("Untagged: " + repository + ":2", "Untagged: " + pinned);
        assertThat(names()).containsExactly("digests-local x <none>");
    }

    @Test
    void stayWithoutATagOfTheirRepository() throws IOException {
        pullByDigestAlone();
        ok("tag", pinned, "digests-local:x");
        assertThat(ok("rmi", "digests-local:x")).isEqualTo("Untagged: digests-local:x");
        assertThat(names()).containsExactly("REPOSITORY <none> DIGEST");
        assertThat(ok("rmi", pinned).lines()).startsWith("Untagged: " + pinned, "Deleted: " + id);
        assertThat(exists()).isFalse();
    }

    @Test
    void countAsARepository() throws IOException {
        pullByDigestAlone();
        ok("tag", pinned, "digests-local:x");
        assertThat(fails(1, "rmi", id))
                .endsWith("conflict: unable to delete " + id.substring(7, 19)
                        + " (must be forced) - image is referenced in multiple repositories");
        assertThat(ok("rmi", "-f", id).lines())
                .contains("Untagged: " + pinned, "Untagged: digests-local:x", "Deleted: " + id);
    }

    @Test
    void areKeptByContainers() throws IOException {
        pullByDigestAlone();
        String container = ok("create", pinned, "true").substring(0, 12);
        assertThat(fails(1, "rmi", pinned))
                .endsWith("conflict: unable to remove repository reference \"" + pinned + "\" (must force) - container "
                        + container + " is using its referenced image " + id.substring(7, 19));
        assertThat(ok("rmi", "-f", pinned).lines()).containsExactly("Untagged: " + pinned, "Deleted: " + id);
        ok("rm", container);
        assertThat(exists()).isFalse();
    }
}
