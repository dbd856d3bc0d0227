package dev.gantry.bundle;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MainTest {
    @TempDir
    private Path directory;

    private String fails(String... words) {
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        PrintStream printed = new PrintStream(err, true, StandardCharsets.UTF_8);

        assertThat(Main.run(List.of(words), printed, printed)).isEqualTo(1);

        return err.toString(StandardCharsets.UTF_8);
    }

    /// The caller reads the reason there.
    @Test
    void logsWhatNobodyHasForeseen() throws Exception {
        Path log = directory.resolve("log");

        assertThat(fails("--log", log.toString(), "--root", "a\0b", "list"))
                .contains("Nul character not allowed")
                .doesNotContain("\tat ");
        assertThat(Files.readString(log)).contains("level=error", "Nul character not allowed");
    }

    @Test
    void tellsWhereItHappenedWhenAsked() {
        assertThat(fails("--debug", "--root", "a\0b", "list")).contains("Nul character not allowed", "\tat ");
    }
}
