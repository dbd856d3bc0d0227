package dev.gantry.e2e.images;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.e2e.BusyboxImage;
import dev.gantry.e2e.EverySetup;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.junit.jupiter.api.Test;

/// `image prune`: what goes and what stays, what is printed, and what it frees. All prunes are of images with the
/// label of these tests, so that no other image goes.
@EverySetup
class ImagePruneIT extends OwnImages {
    private static final int BYTES = 300_000;

    ImagePruneIT() {
        super("prunes");
    }

    /// Imports an image of one file that nobody else has.
    private String unlike(String name, String... changes) throws IOException {
        byte[] content = new byte[BYTES];
        new Random().nextBytes(content);
        var bytes = new ByteArrayOutputStream();
        try (var tar = new TarArchiveOutputStream(bytes, "UTF-8")) {
            BusyboxImage.file(tar, "file", 0644, content);
        }
        return importedFrom(new ByteArrayInputStream(bytes.toByteArray()), name, changes);
    }

    private String committed(String image, String name) throws IOException {
        String container = ok("create", image, "true");
        String id = name.isEmpty() ? ok("commit", container) : ok("commit", container, name);
        ok("rm", container);
        return id;
    }

    private String prune(String... words) throws IOException {
        return ok(Stream.concat(Stream.of("image", "prune", "-f", "--filter", own()), Stream.of(words))
                .toArray(String[]::new));
    }

    /// What a prune has deleted that has this form, sorted.
    private static List<String> steps(String output, String form) {
        return output.lines().filter(line -> line.matches(form)).sorted().toList();
    }

    private List<String> left() throws IOException {
        return lines("images", "-a", "--format", "{{.Repository}}:{{.Tag}}", "-f", own());
    }

    private static long freed(String output) {
        String last = output.lines().toList().getLast();
        assertThat(last).matches("Total reclaimed space: [0-9.]+(B|kB|MB)");
        String size = last.substring(last.lastIndexOf(' ') + 1);
        double number = Double.parseDouble(size.replaceAll("[kMB]+", ""));
        return Math.round(number * (size.endsWith("MB") ? 1_000_000 : size.endsWith("kB") ? 1000 : 1));
    }

    @Test
    void takesImagesWithoutNames() throws IOException {
        String old = unlike("prunes:1");
        unlike("prunes:1");
        String output = prune();
        assertThat(output.lines().toList())
                .satisfiesExactly(
                        line -> assertThat(line).isEqualTo("Deleted Images:"),
                        line -> assertThat(line).isEqualTo("deleted: " + old),
                        line -> assertThat(line).matches("deleted: sha256:[0-9a-f]{64}"), // its layer
                        line -> assertThat(line).isEmpty(),
                        line -> assertThat(line).startsWith("Total reclaimed space: "));
        assertThat(freed(output)).isBetween((long) BYTES, 3L * BYTES);
        assertThat(left()).containsExactly("prunes:1");
        assertThat(prune()).isEqualTo("Total reclaimed space: 0B");
    }

    @Test
    void takesAllThatNoContainerUses() throws IOException {
        unlike("prunes:used");
        String several = unlike("prunes:1");
        ok("tag", "prunes:1", "prunes-too:2");
        ok("create", "prunes:used", "true");
        String output = prune("-a");
        assertThat(steps(output, "untagged: .*")).containsExactly("untagged: prunes-too:2", "untagged: prunes:1");
        assertThat(steps(output, "deleted: .*")).hasSize(2).contains("deleted: " + several);
        assertThat(left()).containsExactly("prunes:used");
        assertThat(prune("--all")).isEqualTo("Total reclaimed space: 0B");
    }

    @Test
    void takesNoLayerThatAnotherImageHas() throws IOException {
        unlike("prunes:base");
        String child = committed("prunes:base", "");
        String output = prune();
        assertThat(steps(output, "deleted: .*")).containsExactly("deleted: " + child);
        assertThat(freed(output)).isLessThan(BYTES / 3);
        assertThat(left()).containsExactly("prunes:base");
    }

    @Test
    void takesParentsWithTheirLastChild() throws IOException {
        String base = unlike("prunes:base");
        String child = committed("prunes:base", "prunes:child");
        ok("rmi", "prunes:base");
        assertThat(prune()).isEqualTo("Total reclaimed space: 0B");
        assertThat(left()).containsExactlyInAnyOrder("prunes:child", "<none>:<none>");
        String output = prune("-a");
        assertThat(output).contains("untagged: prunes:child\n", "deleted: " + child + "\n", "deleted: " + base + "\n");
        assertThat(left()).isEmpty();
    }

    @Test
    void takesNamedParentsAfterTheirChildren() throws IOException {
        unlike("prunes:0");
        for (int i = 0; i < 5; i++) { // in one second or two
            committed("prunes:" + i, "prunes:" + (i + 1));
        }
        assertThat(steps(prune("-a"), "untagged: .*")).hasSize(6);
        assertThat(left()).isEmpty();
    }

    @Test
    void takesWhatHasTheLabels() throws IOException {
        for (String color : List.of("red", "blue")) {
            unlike("prunes:" + color, "LABEL color=" + color, "LABEL shape=round");
        }
        unlike("prunes:none");
        assertThat(prune("-a", "--filter", "label=color=green")).isEqualTo("Total reclaimed space: 0B");
        assertThat(steps(prune("-a", "--filter", "label=shape", "--filter", "label=color=red"), "untagged: .*"))
                .containsExactly("untagged: prunes:red");
        assertThat(steps(prune("-a", "--filter", "label!=shape=round"), "untagged: .*"))
                .containsExactly("untagged: prunes:none");
        assertThat(prune("-a", "--filter", "label!=color")).isEqualTo("Total reclaimed space: 0B");
        assertThat(left()).containsExactly("prunes:blue");
    }

    @Test
    void takesWhatIsOldEnough() throws IOException {
        unlike("prunes:1");
        unlike("prunes:2");
        String created = ok("image", "inspect", "-f", "{{.Created}}", "prunes:1");
        assertThat(prune("-a", "--filter", "until=1h")).isEqualTo("Total reclaimed space: 0B");
        assertThat(prune("-a", "--filter", "until=2020-01-01")).isEqualTo("Total reclaimed space: 0B");
        assertThat(steps(prune("-a", "--filter", "until=" + created), "untagged: .*"))
                .containsExactly("untagged: prunes:1");
        assertThat(steps(prune("-a", "--filter", "until=2100-01-01"), "untagged: .*"))
                .containsExactly("untagged: prunes:2");
    }

    @Test
    void refusesFiltersThatItDoesNotKnow() throws IOException {
        unlike("prunes:1");
        assertThat(fails(1, "image", "prune", "-f", "--filter", "color=red"))
                .containsIgnoringCase("invalid filter 'color'");
        assertThat(fails(1, "image", "prune", "-f", "--filter", "until=soon"))
                .endsWith("failed to parse value as time or duration: \"soon\"");
        assertThat(fails(1, "image", "prune", "-f", "--filter", "until=1h", "--filter", "until=2h"))
                .endsWith("more than one until filter specified");
        assertThat(left()).containsExactly("prunes:1");
    }
}
