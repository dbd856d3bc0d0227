package dev.gantry.cli.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gantry.cli.command.CommandException;
import dev.gantry.cli.json.JsonReader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProgressDisplayTest {
    private static final String MESSAGES = """
            {"status":"Pulling from library/x","id":"latest"}
            {"status":"Pulling fs layer","progressDetail":{},"id":"aa"}
            {"status":"Pulling fs layer","progressDetail":{},"id":"bb"}
            {"status":"Downloading","progressDetail":{"current":50,"total":200},"progress":"[=>  ]","id":"aa"}
            {"status":"Pull complete","progressDetail":{},"id":"aa"}
            {"status":"Digest: sha256:12"}
            """;

    private final ByteArrayOutputStream shown = new ByteArrayOutputStream();

    private String show(String messages, boolean terminal) throws IOException {
        PrintStream out = new PrintStream(shown, true, StandardCharsets.UTF_8);
        try (JsonReader reader = JsonReader.over(new ByteArrayInputStream(messages.getBytes(StandardCharsets.UTF_8)))) {
            new ProgressDisplay(out, terminal).show(reader);
        }
        return shown.toString(StandardCharsets.UTF_8);
    }

    @Test
    void printsALineForEachStepWithoutATerminal() throws IOException {
        assertThat(show(MESSAGES, false)).isEqualTo("""
                latest: Pulling from library/x
                aa: Pulling fs layer
                bb: Pulling fs layer
                aa: Pull complete
                Digest: sha256:12
                """);
    }

    @Test
    void handsOnWhatIsForPrograms() throws IOException {
        List<String> told = new ArrayList<>();
        PrintStream out = new PrintStream(shown, true, StandardCharsets.UTF_8);
        String messages = "{\"progressDetail\":{},\"aux\":{\"Tag\":\"1\"}}{\"status\":\"done\"}";
        try (JsonReader reader = JsonReader.over(new ByteArrayInputStream(messages.getBytes(StandardCharsets.UTF_8)))) {
            new ProgressDisplay(out, false, each -> told.add(each.text("Tag"))).show(reader);
        }
        assertThat(told).containsExactly("1");
        assertThat(shown.toString(StandardCharsets.UTF_8)).isEqualTo("done\n");
    }

    @Test
    void rewritesTheLineOfALayerOnATerminal() throws IOException {
        assertThat(show(MESSAGES, true).replace("\033", "^"))
                .startsWith("latest: Pulling from library/x\n"
                        + "\n^[1A^[2K\raa: Pulling fs layer \r^[1B"
                        + "\n^[1A^[2K\rbb: Pulling fs layer \r^[1B"
                        + "^[2A^[2K\raa: Downloading ")
                .contains("     50B/200B\r^[2B^[2A^[2K\raa: Pull complete \r^[2B")
                .endsWith("Digest: sha256:12\n");
    }

    @Test
    void endsWithTheMessageOfAFailure() {
        assertThatThrownBy(() -> show("""
                        {"status":"Pulling from library/x","id":"latest"}
                        {"errorDetail":{"message":"no space left"},"error":"no space left"}
                        """, false))
                .isInstanceOf(CommandException.class)
                .hasMessage("no space left");
        assertThat(shown.toString(StandardCharsets.UTF_8)).isEqualTo("latest: Pulling from library/x\n");
    }
}
