package dev.gantry.e2e.images;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.e2e.EverySetup;
import dev.gantry.e2e.Result;
import java.io.IOException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// `image inspect`, also of several images, of which some are missing: those that are there are shown.
@EverySetup
class ImageInspectIT extends OwnImages {
    private String first = "";
    private String second = "";

    ImageInspectIT() {
        super("inspected");
    }

    @BeforeEach
    void makeThem() throws IOException {
        first = imported("inspected:1", "ENV A=b", "ONBUILD RUN true");
        second = imported("inspected:2");
    }

    @Test
    void showsSeveral() throws IOException {
        JsonNode images = json(ok("image", "inspect", "inspected:1", second, shortened(first)));
        assertThat(images.valueStream().map(image -> image.at("/Id").asString()))
                .containsExactly(first, second, first);
        assertThat(images.at("/0/Config/OnBuild").toString()).isEqualTo("[\"RUN true\"]");
        assertThat(ok("image", "inspect", "-f", "{{.Id}} {{index .Config.Env 0}}", "inspected:1"))
                .isEqualTo(first + " A=b");
        assertThat(ok("inspect", "-f", "{{.Config.Labels.inspected}}", "inspected:1", "inspected:2"))
                .isEqualTo("x\nx");
        assertThat(json(ok("image", "inspect", "-f", "json", "inspected:2"))
                        .at("/0/RepoTags/0")
                        .asString())
                .isEqualTo("inspected:2");
    }

    private Result failing(String... words) throws IOException {
        Result result = call(words);
        assertThat(result.exit()).as(result::toString).isEqualTo(1);
        return result;
    }

    @Test
    void showsWhatIsThere() throws IOException {
        Result result = failing("image", "inspect", "inspected:1", "no-such-image", "inspected:2", "inspected:3");
        assertThat(json(result.out()).valueStream().map(image -> image.at("/Id").asString()))
                .containsExactly(first, second);
        assertThat(result.err().lines())
                .satisfiesExactly(
                        line -> assertThat(line)
                                .startsWith("Error response from daemon: ")
                                .endsWith("No such image: no-such-image:latest"),
                        line -> assertThat(line).endsWith("No such image: inspected:3"));

        result = failing("image", "inspect", "-f", "{{.Id}}", "no-such-image", "inspected:2");
        assertThat(result.out()).isEqualTo(second + "\n");
        assertThat(result.err().lines()).hasSize(1);

        result = failing("inspect", "-f", "{{.Id}}", "inspected:2", "no-such-thing");
        assertThat(result.out()).isEqualTo(second + "\n");
        assertThat(result.err()).isEqualTo("Error: No such object: no-such-thing\n");
    }

    @Test
    void showsNothingOfWhatIsMissing() throws IOException {
        assertThat(failing("image", "inspect", "no-such-image").out()).isEqualTo("[]\n");
        assertThat(failing("image", "inspect", "-f", "{{.Id}}", "no-such-image").out())
                .isEqualTo("\n");
        assertThat(failing("inspect", "--type", "image", "no-such-image").err()).contains("No such image");
        assertThat(failing("inspect", "no-such-thing").out()).isEqualTo("[]\n");
        assertThat(failing("image", "inspect", "Upper").err()).contains("invalid reference format");
    }

    @Test
    void namesAWrongTemplate() throws IOException {
        assertThat(failing("image", "inspect", "-f", "{{.Nope}}", "inspected:1").err())
                .isEqualTo("template parsing error: template: :1:2: executing \"\" at <.Nope>: map has no entry for key"
                        + " \"Nope\"\n");
        assertThat(fails(64, "image", "inspect", "-f", "{{", "inspected:1"))
                .isEqualTo("template parsing error: template: :1: unclosed action");
    }
}
