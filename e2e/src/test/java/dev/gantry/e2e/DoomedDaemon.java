package dev.gantry.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/// A daemon for each test alone, which may be killed, and leaves nothing behind in the end.
public abstract class DoomedDaemon {
    protected DaemonUnderTest daemon;
    protected Client docker;

    @BeforeEach
    void startOne() throws IOException {
        daemon = DaemonUnderTest.start(DaemonKind.GANTRY);
        docker = new Client(ClientKind.DOCKER, daemon);
        Result imported = docker.callWithInput(BusyboxImage.tar(Map.of()), "import", "-", EndToEnd.IMAGE);
        assertThat(imported.exit()).as(imported::toString).isZero();
    }

    @AfterEach
    void leavesNothingAtItsEnd() throws IOException {
        try (DaemonUnderTest closed = daemon) {
            if (closed.running()) {
                daemon.removeContainers();
                // what is to be removed at its end may still be on its way out
                Waiting.until(() -> daemon.belongings().isEmpty(), () -> "something is left behind");
            }
        }
        assertThat(Cgroups.named(daemon.cgroupParent())).isEmpty();
    }

    /// Kills it, and starts the next one on what it has left.
    protected void die() throws IOException {
        daemon.end("KILL");
        daemon.startAgain();
    }

    /// What a command of Docker's client prints, which has to succeed.
    protected String ok(String... words) throws IOException {
        Result result = docker.call(words);
        assertThat(result.exit()).as(result::toString).isZero();
        return result.out().strip();
    }
}
