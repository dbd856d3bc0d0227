package dev.gantry.e2e.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.e2e.DaemonKind;
import dev.gantry.e2e.DaemonUnderTest;
import dev.gantry.e2e.DoomedDaemon;
import dev.gantry.e2e.Result;
import dev.gantry.e2e.Waiting;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Containers that write as fast as they can, more of them than the host has processors. Virtual threads are not
/// preempted: whoever takes their output without end must not keep the daemon from its clients.
class BusyContainersIT extends DoomedDaemon {
    private static final int CONTAINERS = 3 * Math.min(4, Runtime.getRuntime().availableProcessors());
    private static final int TRIES = 5;
    private static final String ONE_CARRIER = "-Djdk.virtualThreadScheduler.parallelism=1";
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @Test
    void doNotKeepTheDaemonFromItsClients() throws IOException {
        answersBesides(CONTAINERS);
    }

    /// With a log and without one, for there are two ways to take output.
    @ParameterizedTest
    @ValueSource(strings = {"json-file", "none"})
    void doNotEvenIfTheyAreMoreThanItsCarriers(String logDriver) throws IOException {
        daemon.close();
        use(DaemonUnderTest.start(DaemonKind.GANTRY, Map.of("_JAVA_OPTIONS", ONE_CARRIER)));

        answersBesides(3, "--log-driver", logDriver);
    }

    private void answersBesides(int containers, String... options) throws IOException {
        String[] all = Stream.concat(Stream.of("--network", "none"), Stream.of(options))
                .toArray(String[]::new);
        for (int i = 0; i < containers; i++) {
            run("busy" + i, "yes", all);
        }

        for (int i = 0; i < TRIES; i++) {
            long begin = System.nanoTime();
            Result executed = docker.call("exec", "busy0", "true");
            assertThat(executed.exit()).as(executed::toString).isZero();
            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Waiting.patience(PATIENCE));
        }
    }
}
