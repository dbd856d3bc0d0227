package dev.gantry.e2e.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.e2e.Command;
import dev.gantry.e2e.DaemonKind;
import dev.gantry.e2e.EndToEnd;
import dev.gantry.e2e.EveryDaemon;
import dev.gantry.e2e.Result;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.opentest4j.TestAbortedException;

/// Docker's Python library, which nobody here wrote, does what its users do most: run, logs, exec, attach, events,
/// images.
@EveryDaemon
class PythonClientIT extends EndToEnd {
    /// Debian's, for which python3-docker is.
    private static final String PYTHON = "/usr/bin/python3";

    @BeforeEach
    void requireTheLibrary() throws IOException {
        if (!Files.isExecutable(Path.of(PYTHON))
                || Command.run(List.of(PYTHON, "-c", "import docker"), Map.of()).exit() != 0) {
            throw new TestAbortedException("python3-docker is not installed");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.32", "1.41", "1.44"})
    void works(String version) throws IOException {
        if (setup.daemon().kind() == DaemonKind.DOCKERD && version.equals("1.44")) {
            return; // dockerd 20.10 ends at 1.41
        }
        Path script = setup.daemon().directory().resolve("docker_py.py");
        try (InputStream resource = Objects.requireNonNull(PythonClientIT.class.getResourceAsStream("docker_py.py"))) {
            Files.writeString(script, new String(resource.readAllBytes(), StandardCharsets.UTF_8));
        }
        Result result = Command.run(
                List.of(PYTHON, script.toString(), setup.daemon().socket().toString(), version), Map.of());
        assertThat(result.exit()).as("%s: %s", setup, result).isZero();
        assertThat(result.out()).startsWith("done: ").contains("events", "attach", "images", "prune");
    }
}
