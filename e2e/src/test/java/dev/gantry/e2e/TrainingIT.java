package dev.gantry.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What `scripts/assemble` has a daemon do for its AOT cache. A build goes on when that fails, with a slower daemon.
class TrainingIT {
    private DaemonUnderTest daemon;
    private Client client;

    @BeforeEach
    void startOne() throws IOException {
        daemon = DaemonUnderTest.start(DaemonKind.GANTRY);
        client = new Client(ClientKind.DOCKER, daemon);
    }

    @AfterEach
    void end() throws IOException {
        daemon.close();
    }

    @Test
    void startsAndExecutesAndLeavesTheNamedContainerAlone() throws IOException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        String trainer = Repository.root().resolve("scripts/TrainDaemon.java").toString();

        Result result = Command.run(List.of(java, trainer, daemon.socket().toString(), "training"), Map.of());

        assertThat(result.exit()).as(result::toString).isZero();
        assertThat(client.call("ps", "-a", "--format", "{{.Names}} {{.State}}").out())
                .isEqualTo("training running\n");
        String now = Instant.now().toString();
        assertThat(client.call("events", "--since", "0", "--until", now, "--format", "{{.Action}}")
                        .out()
                        .lines())
                .contains("attach", "start", "die", "destroy", "exec_start: true ", "exec_die");
    }
}
