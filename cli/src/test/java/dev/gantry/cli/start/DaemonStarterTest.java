package dev.gantry.cli.start;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gantry.cli.http.Endpoint;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DaemonStarterTest {
    @TempDir
    Path directory;

    @Test
    void waitsAsLongAsTheDaemonLivesAndSaysSoOnce() throws IOException {
        Path launcher = Files.writeString(directory.resolve("gantry"), "#!/bin/sh\nsleep 5\necho no disk\nexit 3\n");
        Files.setPosixFilePermissions(launcher, PosixFilePermissions.fromString("rwx------"));
        DaemonPlace place = DaemonPlace.of(Map.of("GANTRY_ROOT", directory.toString()));
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        DaemonStarter starter = new DaemonStarter(
                launcher.toString(),
                place,
                true,
                new PrintStream(err, true, StandardCharsets.UTF_8),
                Duration.ofMillis(10));

        assertThatThrownBy(() -> starter.start(new Endpoint.Unix(place.socket()), new IOException("no such file")))
                .hasMessageContaining("ended with exit code 3 while starting")
                .hasMessageEndingWith("no disk");

        assertThat(err.toString(StandardCharsets.UTF_8).lines())
                .containsExactly(
                        "gantry: no daemon is running, starting one (log: " + place.log() + ")",
                        "gantry: the daemon is still starting after 0 seconds");
    }
}
