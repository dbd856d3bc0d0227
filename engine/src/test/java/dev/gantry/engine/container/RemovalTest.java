package dev.gantry.engine.container;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.engine.WaitResult;
import dev.gantry.engine.Waiting;
import dev.gantry.engine.event.EventLog;
import dev.gantry.engine.request.WaitCondition;
import dev.gantry.engine.state.LifeCycle;
import dev.gantry.engine.volume.LocalVolumes;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Containers whose files cannot be removed, as their directory is not where it was.
@Timeout(10)
class RemovalTest {
    @TempDir
    private Path root = Path.of("");

    private Removal removal;
    private Container container;

    @BeforeEach
    void makeAContainer() throws Exception {
        var events = new EventLog();
        var life = new LifeEvents(events);
        var volumes = LocalVolumes.open(root.resolve("volumes"), 0, 0, events, () -> {})
                .ofContainers();
        var registry = new Registry(new ContainerNames());
        removal = new Removal(registry, new Stopping(life), life, volumes, () -> {});
        var exited = new LifeCycle.Exited(3, false, "", Instant.EPOCH, Instant.EPOCH);
        container = TestContainer.make(root, exited, "{\"LogConfig\":{\"Type\":\"json-file\"}}");
        registry.admit(container);
        Files.move(root.resolve("containers"), root.resolve("elsewhere"));
    }

    @Test
    void tellsWhoWaitsForItThatItFailed() throws Exception {
        Waiting wait = container.waitFor(WaitCondition.REMOVED);

        removal.removeAfterExit(container);

        assertThat(container.state()).isInstanceOf(LifeCycle.Dead.class);
        assertFailed(wait.await());
    }

    @Test
    void tellsWhoWaitsAfterItHasFailed() throws Exception {
        removal.removeAfterExit(container);

        assertFailed(container.waitFor(WaitCondition.REMOVED).await());
    }

    private static void assertFailed(WaitResult result) {
        assertThat(result.code()).isEqualTo(3);
        assertThat(result.error()).startsWith("container " + TestContainer.ID + ": its files cannot be removed: ");
    }
}
