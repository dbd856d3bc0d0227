package dev.gantry.engine.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gantry.engine.Engine;
import dev.gantry.engine.EngineException.Failed;
import dev.gantry.engine.TestContainers;
import dev.gantry.engine.TestOptions;
import dev.gantry.engine.config.ConfigJson;
import dev.gantry.engine.config.HostConfig;
import dev.gantry.engine.config.Resources;
import dev.gantry.engine.health.HealthStatus;
import dev.gantry.engine.host.HostEngine;
import dev.gantry.engine.spec.ResourceUpdate;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What a change of a container that runs has come to when its daemon dies in the middle of it.
@Timeout(60)
class CutOffChangesIT {
    private static final Resources LIMITS = ConfigJson.mapper()
            .readValue("{\"Memory\":33554432,\"MemorySwap\":67108864,\"PidsLimit\":7}", Resources.class);

    @TempDir
    private Path root = Path.of("");

    private Engine engine;

    @BeforeEach
    void open() throws Exception {
        engine = HostEngine.open(TestOptions.surviving(root, "/gantry-cut-off"));
    }

    @AfterEach
    void close() {
        TestContainers.removeAll(engine);
        engine.close();
    }

    private void reopen() throws Exception {
        engine.close();
        open();
    }

    /// Starts a container that sleeps.
    private String run(String config) throws Exception {
        TestContainers.importBusybox(engine, root);
        String whole = "{\"Image\":\"bb\",\"Cmd\":[\"/bin/busybox\",\"sleep\",\"1000\"]" + config + "}";
        String id = TestContainers.create(engine, "sleeps", whole, "{\"NetworkMode\":\"none\"}");
        engine.containers().start(id, null);
        return id;
    }

    private Container container(String id) {
        return containers().registry().get(id);
    }

    private HostContainers containers() {
        return (HostContainers) engine.containers();
    }

    private String status(String id) {
        return engine.containers().inspect(id, false).state().status();
    }

    @Test
    void whatACommitHasFrozenGoesOn() throws Exception {
        String id = run("");
        assertThat(containers().hold(container(id))).isTrue();
        assertThat(status(id)).isEqualTo("paused");

        reopen();

        assertThat(status(id)).isEqualTo("running");
        assertThat(container(id).running().process().isPaused()).isFalse();
    }

    @Test
    void aPauseThatWasNotAcknowledgedCameToNothing() throws Exception {
        String id = run("");
        container(id).running().process().pause();

        reopen();

        assertThat(status(id)).isEqualTo("running");
        assertThat(container(id).running().process().isPaused()).isFalse();
    }

    @Test
    void whatItsUserHasPausedStaysPausedBesideACommit() throws Exception {
        String id = run("");
        assertThat(containers().hold(container(id))).isTrue();
        engine.containers().unpause(id);
        engine.containers().pause(id);
        containers().release(container(id));
        assertThat(status(id)).isEqualTo("paused");

        reopen();

        assertThat(status(id)).isEqualTo("paused");
        assertThat(container(id).running().process().isPaused()).isTrue();
    }

    /// The daemon has died before the limits were those of the definition that it had announced.
    @Test
    void anUpdateThatWasCutOffIsCompleted() throws Exception {
        String id = run("");
        Container before = container(id);
        HostConfig merged =
                new ResourceUpdate(LIMITS, null).appliedTo(before.definition().host());
        before.files().announce(before.definition().withHost(merged));

        reopen();

        assertThat(engine.containers().inspect(id, false).hostConfig()).isEqualTo(merged);
        assertThat(memoryLimit(id)).isEqualTo(LIMITS.memory());
        assertThat(Objects.requireNonNull(
                                container(id).running().process().usage().tasks())
                        .limit())
                .isEqualTo(7);
        assertThat(container(id).files().unfinished()).isEmpty();
        assertThat(container(id).files().definition().host()).isEqualTo(merged);
    }

    @Test
    void aNewNameThatWasCutOffIsForgotten() throws Exception {
        String id = run("");
        Container before = container(id);
        before.files().announce(before.definition().withName("renamed"));

        reopen();

        assertThat(engine.containers().inspect(id, false).name()).isEqualTo("/sleeps");
        assertThat(container(id).files().unfinished()).isEmpty();
    }

    @Test
    void anUpdateThatCannotBeAnnouncedChangesNothing() throws Exception {
        String id = run("");
        long before = memoryLimit(id);
        Path obstacle =
                Files.createDirectories(container(id).files().directory().resolve("config.json.new"));

        assertThatThrownBy(() -> engine.containers().update(id, LIMITS, null)).isInstanceOf(Failed.class);

        assertThat(memoryLimit(id)).isEqualTo(before);
        Files.deleteIfExists(obstacle);
    }

    private long memoryLimit(String id) throws Exception {
        return Objects.requireNonNull(container(id).running().process().usage().memory())
                .limit();
    }

    /// The daemon has died before it wrote that the health of this run is not known yet.
    @Test
    void theHealthOfAnEarlierRunIsNotThatOfTheNext() throws Exception {
        String id = run(",\"Healthcheck\":{\"Test\":[\"CMD\",\"/bin/busybox\",\"true\"],\"Interval\":3600000000000}");
        engine.containers().stop(id, null, 0);
        Path health = container(id).files().directory().resolve("health.json");
        byte[] earlier = Files.readAllBytes(health);
        container(id).awaitCleanUp();
        engine.containers().start(id, null);
        engine.close();
        Files.write(health, earlier);

        open();

        assertThat(container(id).health().current().orElseThrow().status()).isEqualTo(HealthStatus.STARTING);
    }
}
