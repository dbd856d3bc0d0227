package dev.gantry.cli.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.cli.json.JsonReader;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class CheckReportTest {
    private static final String COUNTS = """
            "LookedAt": {"Containers": 2, "Running": 1, "Directories": 1, "Execs": 0, "Images": 1, "Layers": 3, "Blobs": 5}""";

    private static String text(boolean agrees, String... findings) throws IOException {
        return CheckReport.text(JsonReader.read(
                "{\"Agrees\": %s, \"Findings\": [%s], %s}".formatted(agrees, String.join(",", findings), COUNTS)));
    }

    private static String finding(String kind, String outcome, String problem) {
        return """
                {"Kind": "%s", "Subject": "it", "Problem": "%s", "Repair": "do something", "Outcome": "%s"}""".formatted(kind, problem, outcome);
    }

    @Test
    void saysThatEverythingAgreesAndWhatThatIs() throws IOException {
        assertThat(text(true))
                .isEqualTo("everything agrees; looked at 2 containers (1 running), 1 cgroup and state directory,"
                        + " 0 execs, 1 image, 3 layers, 5 blobs\n");
    }

    @Test
    void alignsFindingsAndSaysWhatARepairWouldDo() throws IOException {
        assertThat(text(false, finding("cgroup", "found", "is odd"), finding("layer", "found", "is gone")))
                .startsWith("""
                        found  cgroup  it: is odd
                                       repair: do something
                        found  layer   it: is gone
                                       repair: do something

                        2 findings; looked at 2 containers""");
    }

    @Test
    void countsWhatWasMended() throws IOException {
        String mended = finding("layer", "mended", "was gone");
        assertThat(text(true, mended)).contains("\n1 finding, all mended; looked at");
        assertThat(text(false, mended, finding("blob", "left", "is gone")))
                .contains("\n2 findings, 1 mended; looked at");
    }

    @Test
    void keepsControlCharactersFromTheTerminal() throws IOException {
        assertThat(text(false, finding("file", "found", "a\\u001b[31mb\\tc"))).contains("it: a?[31mb?c\n");
    }
}
