package dev.gantry.e2e.files;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.e2e.EndToEnd;
import dev.gantry.e2e.EverySetup;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/// `diff`, of what containers do to files of their image.
@EverySetup
class DiffIT extends EndToEnd {
    private List<String> changes(String container) throws IOException {
        return ok("diff", container).lines().sorted().toList();
    }

    private String image(String script) throws IOException {
        String maker = newName();
        String image = "diff-" + maker;
        ok("run", "--name", maker, IMAGE, "sh", "-c", script);
        ok("commit", maker, image);
        ok("rm", maker);
        return image;
    }

    @Test
    void tellsOfNothingThatOnlyTheEngineHasMade() throws IOException {
        assertThat(changes(background("sleep 1000"))).isEmpty();
        String created = newName();
        ok("create", "--name", created, IMAGE, "true");
        assertThat(changes(created)).isEmpty();
    }

    @Test
    void tellsAddedChangedAndDeletedFiles() throws IOException {
        String container = newName();
        ok(
                "run",
                "--name",
                container,
                IMAGE,
                "sh",
                "-c",
                "mkdir -p /new/deep; echo > /new/deep/f; rm /bin/vi; echo x >> /etc/passwd; chmod 700 /root; touch /t;"
                        + " rm /t; mkfifo /new/p");
        assertThat(changes(container))
                .containsExactly(
                        "A /new",
                        "A /new/deep",
                        "A /new/deep/f",
                        "A /new/p",
                        "C /bin",
                        "C /etc",
                        "C /etc/passwd",
                        "C /root",
                        "D /bin/vi");
    }

    @Test
    void looksIntoDirectoriesThatWereMadeAnew() throws IOException {
        String image = image("mkdir -p /op/x/y /fd /gone; echo f > /op/x/f; echo g > /op/x/y/g; echo o > /op/o");
        String container = newName();
        ok(
                "run",
                "--name",
                container,
                image,
                "sh",
                "-c",
                "rm -rf /op; mkdir -p /op/x; echo n > /op/x/n; rmdir /fd; echo > /fd; rm -r /gone");
        assertThat(changes(container))
                .containsExactly(
                        "A /op/x/n", "C /fd", "C /op", "C /op/x", "D /gone", "D /op/o", "D /op/x/f", "D /op/x/y");
        ok("rm", container);
        ok("rmi", image);
    }

    @Test
    void leavesOutWhatIsMounted() throws IOException {
        String container = background(
                "echo > /vol/f; echo > /tm/f; echo > /dev/shm/f; sleep 1000", "-v", "/vol", "--tmpfs", "/tm");
        assertThat(changes(container)).containsExactly("A /tm", "A /vol");
    }

    @Test
    void saysWhenThereIsNoContainer() throws IOException {
        assertThat(fails(1, "diff", "nosuch")).isEqualTo("Error response from daemon: No such container: nosuch");
    }
}
