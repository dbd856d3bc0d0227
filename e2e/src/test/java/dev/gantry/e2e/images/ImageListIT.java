package dev.gantry.e2e.images;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.e2e.EverySetup;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// `images`, also `image ls`: which images are listed, and what is shown of them.
@EverySetup
class ImageListIT extends OwnImages {
    private static final String NAME = "{{.Repository}}:{{.Tag}}";

    private String first = "";
    private String second = "";
    private String dangling = "";
    private String last = "";

    ImageListIT() {
        super("lists");
    }

    @BeforeEach
    void makeThem() throws IOException {
        first = imported("lists/a:1", "LABEL color=red");
        second = imported("lists/b:1", "LABEL color=blue", "LABEL shape=round");
        ok("tag", "lists/b:1", "lists/b:22");
        dangling = imported("lists:old");
        last = imported("lists:old", "LABEL shape=square");
    }

    /// The names that a list has, of these images.
    private List<String> names(String... words) throws IOException {
        return listed(NAME, words);
    }

    private List<String> listed(String format, String... words) throws IOException {
        return lines(Stream.concat(Stream.of("images", "--format", format), Stream.of(words))
                .toArray(String[]::new));
    }

    @Test
    void areFoundByPatterns() throws IOException {
        assertThat(names("-f", "reference=lists/*")).containsExactlyInAnyOrder("lists/a:1", "lists/b:1", "lists/b:22");
        assertThat(names("-f", "reference=lists/?:1")).containsExactlyInAnyOrder("lists/a:1", "lists/b:1");
        assertThat(names("-f", "reference=*/[b-z]")).containsExactlyInAnyOrder("lists/b:1", "lists/b:22");
        assertThat(names("-f", "reference=*/[^b]:*")).containsExactly("lists/a:1");
        assertThat(names("-f", "reference=lists/a:1", "-f", "reference=lists/b:2*"))
                .containsExactlyInAnyOrder("lists/a:1", "lists/b:22");
        // a star does not go beyond a slash, and a name without tag is no default
        assertThat(names("-f", "reference=*", "-f", own())).containsExactly("lists:old");
        assertThat(names("-f", "reference=lists:latest")).isEmpty();
        assertThat(names("-f", "reference=docker.io/lists/a")).isEmpty();
        assertThat(fails(1, "images", "-f", "reference=["))
                .isEqualTo("Error response from daemon: syntax error in pattern");
    }

    @Test
    void areFoundByTheRepository() throws IOException {
        assertThat(names("lists/b")).containsExactlyInAnyOrder("lists/b:1", "lists/b:22");
        assertThat(names("lists/b:22")).containsExactly("lists/b:22");
        assertThat(names("lists/b:3")).isEmpty();
        assertThat(names("lists")).containsExactly("lists:old");
        assertThat(names("lists/*:1")).containsExactlyInAnyOrder("lists/a:1", "lists/b:1");
        // no IDs
        assertThat(names(first)).isEmpty();
        assertThat(names(shortened(first))).isEmpty();
        // either, not both
        assertThat(names("-f", "reference=lists/a", "lists/b:1")).containsExactlyInAnyOrder("lists/a:1", "lists/b:1");
        assertThat(fails(1, "images", "lists/a", "lists/b")).contains("requires at most 1 argument");
    }

    @Test
    void areFoundByLabels() throws IOException {
        assertThat(names("-f", own(), "-f", "label=color"))
                .containsExactlyInAnyOrder("lists/a:1", "lists/b:1", "lists/b:22");
        assertThat(names("-f", own(), "-f", "label=color=red")).containsExactly("lists/a:1");
        assertThat(names("-f", own(), "-f", "label=color=blue", "-f", "label=shape=round"))
                .containsExactlyInAnyOrder("lists/b:1", "lists/b:22");
        assertThat(names("-f", own(), "-f", "label=color=red", "-f", "label=shape"))
                .isEmpty();
        assertThat(names("-f", own(), "-f", "label=color=")).isEmpty();
    }

    @Test
    void areFoundByAge() throws IOException {
        assertThat(names("-f", own(), "-f", "before=lists/b:22")).containsExactly("lists/a:1");
        assertThat(names("-f", own(), "-f", "since=" + second)).containsExactlyInAnyOrder("lists:old", "<none>:<none>");
        assertThat(names("-f", own(), "-f", "since=lists/a:1", "-f", "before=" + shortened(dangling)))
                .containsExactlyInAnyOrder("lists/b:1", "lists/b:22");
        assertThat(names("-f", own(), "-f", "before=" + first)).isEmpty();
        assertThat(names("-f", own(), "-f", "since=lists:old")).isEmpty();
        for (String filter : List.of("before", "since")) {
            assertThat(fails(1, "images", "-f", filter + "=no-such-image"))
                    .isEqualTo("Error response from daemon: No such image: no-such-image:latest");
        }
    }

    @Test
    void areDanglingOrNot() throws IOException {
        assertThat(listed("{{.ID}} " + NAME, "--no-trunc", "-f", own(), "-f", "dangling=true"))
                .containsExactly(dangling + " <none>:<none>");
        assertThat(names("-f", own(), "-f", "dangling=false"))
                .containsExactlyInAnyOrder("lists/a:1", "lists/b:1", "lists/b:22", "lists:old");
        assertThat(names("-f", own())).hasSize(5).contains("<none>:<none>");
        assertThat(fails(1, "images", "-f", "dangling=x")).containsIgnoringCase("invalid filter 'dangling=[x]'");
        assertThat(fails(1, "images", "-f", "color=red")).containsIgnoringCase("invalid filter 'color'");
        assertThat(fails(125, "images", "-f", "dangling"))
                .startsWith("invalid argument \"dangling\" for \"-f, --filter\" flag:"
                        + " bad format of filter (expected name=value)");
    }

    /// What others were made of, and has no name, is shown when all are asked for.
    @Test
    void areIntermediateOrNot() throws IOException {
        String container = ok("create", "lists/a:1", "true");
        String child = ok("commit", container, "lists/child");
        ok("rm", container);
        ok("rmi", "lists/a:1");
        assertThat(listed("{{.ID}}", "--no-trunc", "-f", own())).contains(child).doesNotContain(first);
        assertThat(listed("{{.ID}}", "--no-trunc", "-f", own(), "-a")).contains(child, first);
        assertThat(listed("{{.ID}}", "--no-trunc", "-f", own(), "--all", "-f", "dangling=true"))
                .containsExactly(dangling);
    }

    @Test
    void areRowsOfATable() throws IOException {
        assertThat(lines("images", "lists/b:22"))
                .satisfiesExactly(
                        line -> assertThat(line).matches("REPOSITORY {3}TAG {7}IMAGE ID {7}CREATED +SIZE"),
                        line -> assertThat(line)
                                .matches("lists/b {6}22 {8}" + shortened(second) + " {3}.* ago +\\d\\.?\\d*MB"));
        assertThat(lines("image", "ls", "--no-trunc", "--digests", "lists/b:22"))
                .satisfiesExactly(
                        line -> assertThat(line).matches("REPOSITORY +TAG +DIGEST +IMAGE ID +CREATED +SIZE"),
                        line -> assertThat(line).matches("lists/b +22 +<none> +" + second + " +.* ago +\\d\\.?\\d*MB"));
        assertThat(lines("image", "list", "no-such-image"))
                .singleElement()
                .satisfies(line -> assertThat(line).startsWith("REPOSITORY"));
        assertThat(lines("images", "-f", own(), "-f", "dangling=true", "--digests"))
                .element(1)
                .satisfies(line -> assertThat(line).matches("<none> +<none> +<none> +" + shortened(dangling) + " .*"));
    }

    /// A name each, so an image may come twice.
    @Test
    void areIds() throws IOException {
        assertThat(lines("images", "-q", "-f", own()))
                .containsExactlyInAnyOrder(
                        shortened(first), shortened(second), shortened(second), shortened(dangling), shortened(last));
        assertThat(lines("images", "--quiet", "--no-trunc", "lists/b")).containsExactly(second, second);
        assertThat(lines("images", "-q", "--format", "{{.Tag}} {{.ID}}", "lists/b:22"))
                .containsExactly("22 " + shortened(second));
    }

    @Test
    void areWhatATemplateMakesOfThem() throws IOException {
        String fields = "{{.ID}}|{{.Repository}}|{{.Tag}}|{{.Digest}}|{{.CreatedSince}}|{{.CreatedAt}}|{{.Size}}"
                + "|{{.Containers}}|{{.SharedSize}}|{{.UniqueSize}}";
        assertThat(listed(fields, "lists/a:1"))
                .singleElement()
                .satisfies(
                        line -> assertThat(line)
                                .matches(
                                        shortened(first) + "\\|lists/a\\|1\\|<none>\\|.* ago\\|"
                                                + "\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d [+-]\\d{4} \\S+\\|\\d\\.?\\d*MB\\|N/A\\|N/A\\|N/A"));
        assertThat(listed("table {{.Tag}}\t{{upper .Repository}}", "lists/a:1"))
                .extracting(line -> line.replaceAll(" +", " "))
                .containsExactly("TAG REPOSITORY", "1 LISTS/A");
        assertThat(listed("{{json .Repository}} {{join (split .Repository \"/\") \"-\"}}", "lists/a:1"))
                .containsExactly("\"lists/a\" lists-a");
        JsonNode image = json(ok("images", "--format", "json", "--no-trunc", "lists/a:1"));
        assertThat(image.propertyNames())
                .containsExactlyInAnyOrder(
                        "Containers",
                        "CreatedAt",
                        "CreatedSince",
                        "Digest",
                        "ID",
                        "Repository",
                        "SharedSize",
                        "Size",
                        "Tag",
                        "UniqueSize",
                        "VirtualSize");
        assertThat(image.at("/ID").asString()).isEqualTo(first);
        assertThat(image.at("/Digest").asString()).isEqualTo("<none>");
        assertThat(ageless(listed("table", "lists/a:1"))).isEqualTo(ageless(lines("images", "lists/a:1")));
        assertThat(fails(1, "images", "--format", "{{.Nope}}", "lists/a:1"))
                .isEqualTo("template parsing error: template: :1:2: executing \"\" at <.Nope>: can't evaluate field"
                        + " Nope in type *formatter.imageContext");
        assertThat(fails(1, "images", "--format", "{{", "lists/a:1"))
                .isEqualTo("template parsing error: template: :1: unclosed action");
    }

    /// The same, however long ago the images were made.
    private static List<String> ageless(List<String> lines) {
        return lines.stream()
                .map(line -> line.replaceAll(" +", " ").replaceAll("(?<= [0-9a-f]{12} ).* ago", "ago"))
                .toList();
    }
}
