package dev.gantry.e2e.images;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.e2e.BusyboxImage;
import dev.gantry.e2e.EverySetup;
import dev.gantry.e2e.Result;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/// `tag` and `rmi`: which names an image may have, and when it goes with them.
@EverySetup
class ImageNamesIT extends OwnImages {
    ImageNamesIT() {
        super("names");
    }

    private String imported(String name) throws IOException {
        return imported(name, "CMD [\"sleep\",\"60\"]");
    }

    @Test
    void anIdGoesWithItsNamesWhenTheyAreOfOneRepository() throws IOException {
        String id = imported("names:1");
        assertThat(lines("rmi", shortened(id))).startsWith("Untagged: names:1", "Deleted: " + id);

        id = imported("names:1");
        ok("tag", "names:1", "names:2");
        assertThat(fails(1, "rmi", id))
                .endsWith("conflict: unable to delete " + shortened(id)
                        + " (must be forced) - image is referenced in multiple repositories");
        assertThat(lines("rmi", "-f", shortened(id)))
                .startsWith("Untagged: names:1", "Untagged: names:2", "Deleted: " + id);
        assertThat(fails(1, "rmi", id)).endsWith("No such image: " + id);
    }

    @Test
    void whatIsMissingKeepsNobodyBack() throws IOException {
        String id = imported("names:1");
        Result result = call("rmi", "no-such-image", "names:1", "names:3");
        assertThat(result.exit()).isEqualTo(1);
        assertThat(result.out()).startsWith("Untagged: names:1\nDeleted: " + id + "\n");
        assertThat(result.err()).contains("No such image: no-such-image:latest", "No such image: names:3");
    }

    /// With force, an image that is missing is told of, and is no failure.
    @Test
    void forceForgivesWhatIsMissing() throws IOException {
        String id = imported("names:1");
        Result result = call("rmi", "-f", "no-such-image", "names:1");
        assertThat(result.exit()).as(result::toString).isZero();
        assertThat(result.out()).startsWith("Untagged: names:1\nDeleted: " + id + "\n");
        assertThat(result.err().strip()).endsWith("No such image: no-such-image:latest");

        id = imported("names:1");
        ok("run", "-d", "names:1");
        result = call("rmi", "--force", "no-such-image", id);
        assertThat(result.exit()).as(result::toString).isEqualTo(1);
        assertThat(result.err().lines()).hasSize(2);
    }

    @Test
    void aStoppedContainerWantsForce() throws IOException {
        String id = imported("names:1");
        String container = ok("create", "names:1").substring(0, 12);
        assertThat(fails(1, "rmi", "names:1"))
                .endsWith("conflict: unable to remove repository reference \"names:1\" (must force) - container "
                        + container + " is using its referenced image " + shortened(id));
        assertThat(fails(1, "rmi", id))
                .endsWith("conflict: unable to delete " + shortened(id)
                        + " (must be forced) - image is being used by stopped container " + container);
        assertThat(ok("ps", "-a", "--format", "{{.Image}}")).isEqualTo("names:1");
        // one of two names may go
        ok("tag", "names:1", "names:2");
        assertThat(ok("rmi", "names:1")).isEqualTo("Untagged: names:1");
        // and the container is no longer said to be of an image that there is not
        assertThat(ok("ps", "-a", "--format", "{{.Image}}")).isEqualTo(shortened(id));
        assertThat(lines("rmi", "-f", "names:2")).startsWith("Untagged: names:2");
        ok("start", container);
        assertThat(ok("ps", "-a", "--format", "{{.Image}}")).isEqualTo(shortened(id));
        ok("rm", "-f", container);
    }

    @Test
    void aNameThatMovesIsNoLongerTheContainers() throws IOException {
        String id = imported("names:1");
        ok("create", "names:1");
        String other = imported("names:1");
        assertThat(other).isNotEqualTo(id);
        assertThat(ok("ps", "-a", "--format", "{{.Image}}")).isEqualTo(shortened(id));
    }

    @Test
    void aRunningContainerKeepsItsImage() throws IOException {
        String id = imported("names:1");
        String container = ok("run", "-d", "names:1").substring(0, 12);
        String used = "conflict: unable to delete " + shortened(id)
                + " (cannot be forced) - image is being used by running container " + container;
        assertThat(fails(1, "rmi", id)).endsWith(used);
        assertThat(fails(1, "rmi", "-f", id)).endsWith(used);
        // a name is no image
        assertThat(ok("rmi", "-f", "names:1")).isEqualTo("Untagged: names:1");
        assertThat(ok("images", "-q", "--no-trunc", "-f", "dangling=true", "-f", "label=names"))
                .isEqualTo(id);
    }

    @Test
    void anImageOfOthersLosesItsNameAlone() throws IOException {
        String base = imported("names:base");
        String container = ok("create", "names:base");
        String child = ok("commit", "-c", "LABEL names=child", container, "names:child");
        ok("rm", container);
        assertThat(fails(1, "rmi", "-f", base))
                .endsWith("conflict: unable to delete " + shortened(base)
                        + " (cannot be forced) - image has dependent child images");
        assertThat(ok("rmi", "names:base")).isEqualTo("Untagged: names:base");
        assertThat(ok("images", "-q", "--no-trunc", "-f", "label=names")).isEqualTo(child);
        assertThat(lines("images", "-aq", "--no-trunc", "-f", "label=names")).containsExactlyInAnyOrder(child, base);
        assertThat(ok("images", "-q", "-f", "dangling=true", "-f", "label=names"))
                .isEmpty();
        // parents without a name go along
        assertThat(lines("rmi", "names:child"))
                .startsWith("Untagged: names:child", "Deleted: " + child)
                .contains("Deleted: " + base);
    }

    @Test
    void parentsStayWhenThatIsWanted() throws IOException {
        String base = imported("names:base");
        String container = ok("create", "names:base");
        String child = ok("commit", container, "names:child");
        ok("rm", container);
        ok("rmi", "names:base");
        assertThat(lines("rmi", "--no-prune", "names:child"))
                .contains("Deleted: " + child)
                .doesNotContain("Deleted: " + base);
        assertThat(ok("images", "-q", "--no-trunc", "-f", "dangling=true", "-f", "label=names"))
                .isEqualTo(base);
    }

    /// Names that look like IDs would hide images.
    @Test
    void aNameIsNoId() throws IOException {
        String id = imported("names:1");
        String text = "refusing to create an ambiguous tag using digest algorithm as name";
        assertThat(fails(1, "tag", "names:1", "sha256:abc")).endsWith(text);
        assertThat(fails(1, "tag", "names:1", "sha256")).endsWith(text);
        Result imported = setup.client().callWithInput(BusyboxImage.tar(), "import", "-", "sha256:" + "0".repeat(64));
        assertThat(imported.exit()).as(imported::toString).isEqualTo(1);
        assertThat(fails(1, "tag", "names:1", "names@" + id))
                .endsWith("refusing to create a tag with a digest reference");
        assertThat(ok("tag", id, "names:2")).isEmpty();
        assertThat(ok("tag", shortened(id), "localhost/names:2")).isEmpty();
        assertThat(lines("images", "--format", "{{.Repository}}:{{.Tag}}", "-f", "label=names"))
                .containsExactlyInAnyOrder("names:1", "names:2", "localhost/names:2");
    }
}
