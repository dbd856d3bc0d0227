package dev.gantry.e2e.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.e2e.DoomedDaemon;
import dev.gantry.e2e.Result;
import dev.gantry.e2e.Waiting;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/// Containers that write as fast as they can, more of them than the host has processors. Virtual threads are not
/// preempted: whoever takes their output without end must not keep the daemon from its clients.
class BusyContainersIT extends DoomedDaemon {
    private static final int CONTAINERS = 3 * Math.min(4, Runtime.getRuntime().availableProcessors());
    private static final int TRIES = 5;
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    @Test
    void doNotKeepTheDaemonFromItsClients() throws IOException {
        for (int i = 0; i < CONTAINERS; i++) {
            run("busy" + i, "yes", "--network", "none");
        }

        for (int i = 0; i < TRIES; i++) {
            long begin = System.nanoTime();
            Result executed = docker.call("exec", "busy0", "true");
            assertThat(executed.exit()).as(executed::toString).isZero();
            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Waiting.patience(PATIENCE));
        }
    }
}
