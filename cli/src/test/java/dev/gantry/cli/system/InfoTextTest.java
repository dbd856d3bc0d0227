package dev.gantry.cli.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.cli.json.JsonReader;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class InfoTextTest {
    private static String text(String json) throws IOException {
        return new InfoText(JsonReader.read(json), false).text();
    }

    @Test
    void listsWhatTheDaemonDoesNotSupport() throws IOException {
        assertThat(text("""
                {"Unsupported": [{"Asked": "run --gpus", "Answer": "there are none"}, {"Asked": "vm", "Answer": "no"}]}""")).endsWith("""
                         Not Supported:
                          run --gpus: there are none
                          vm: no

                        """);
    }

    @Test
    void hasNoSuchListOfOtherDaemons() throws IOException {
        assertThat(text("{}")).contains(" Containers: ").doesNotContain("Not Supported");
    }
}
