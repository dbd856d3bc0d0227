package dev.gantry.engine.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gantry.engine.Attachment;
import dev.gantry.engine.Engine;
import dev.gantry.engine.EngineException.Conflict;
import dev.gantry.engine.EngineException.Failed;
import dev.gantry.engine.EngineException.NotFound;
import dev.gantry.engine.Filters;
import dev.gantry.engine.TestContainers;
import dev.gantry.engine.TestOptions;
import dev.gantry.engine.Waiting;
import dev.gantry.engine.config.ConfigJson;
import dev.gantry.engine.config.ContainerConfig;
import dev.gantry.engine.config.HostConfig;
import dev.gantry.engine.host.HostEngine;
import dev.gantry.engine.request.AttachOptions;
import dev.gantry.engine.request.CreateRequest;
import dev.gantry.engine.request.RemoveOptions;
import dev.gantry.engine.request.WaitCondition;
import dev.gantry.engine.state.LifeCycle;
import dev.gantry.engine.state.StateFile;
import dev.gantry.engine.state.StateRecord;
import dev.gantry.engine.view.ContainerSummary;
import dev.gantry.engine.view.VolumeView;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What clients do to a container at the same time, and what a failure or a death of the daemon leaves of it.
@Timeout(60)
class HostContainersIT {
    private static final int RACES = 100;
    private static final AttachOptions OUTPUT = new AttachOptions(false, true, false, true, false, null);

    @TempDir
    private Path root = Path.of("");

    private Engine engine;

    @BeforeEach
    void open() throws Exception {
        engine = HostEngine.open(TestOptions.of(root, "/gantry-clients"));
    }

    @AfterEach
    void close() {
        TestContainers.removeAll(engine);
        engine.close();
    }

    private List<ContainerSummary> all() {
        return TestContainers.all(engine);
    }

    private String create(String name, String host) {
        return TestContainers.create(engine, name, "{\"Image\":\"hello-world\"}", host);
    }

    private String create(String name) {
        return create(name, "{\"NetworkMode\":\"none\"}");
    }

    private Path file(String container, String name) {
        return root.resolve("data/containers").resolve(container).resolve(name);
    }

    @Test
    void aRenamingThatFailsChangesNoName() throws Exception {
        String id = create("before");
        Path obstacle = Files.createDirectories(file(id, "config.json.new/obstacle"));

        assertThatThrownBy(() -> engine.containers().rename(id, "after")).isInstanceOf(Failed.class);

        Files.delete(obstacle);
        Files.delete(obstacle.getParent());
        assertThatThrownBy(() -> create("before")).isInstanceOf(Conflict.class);
        assertThat(create("after")).isNotEqualTo(id);
    }

    @Test
    void ofNamesThatItIsGivenAtOnceItKeepsOne() throws Exception {
        String id = create("renamed");
        String other = create("other");
        try (ExecutorService clients = Executors.newFixedThreadPool(2)) {
            for (int i = 0; i < RACES; i++) {
                String round = Integer.toString(i);
                var together = new CyclicBarrier(2);
                List<Future<?>> done = List.of(
                        clients.submit(() -> rename(together, id, "left" + round)),
                        clients.submit(() -> rename(together, id, "right" + round)));
                for (Future<?> each : done) {
                    each.get();
                }
                String name = engine.containers().inspect(id, false).name();
                engine.containers().rename(other, name.equals("/left" + round) ? "right" + round : "left" + round);
            }
        }
    }

    private Void rename(CyclicBarrier together, String id, String name) throws Exception {
        together.await();
        engine.containers().rename(id, name);
        return null;
    }

    /// Whoever is later is told that there is no such container, or that it is being removed.
    @Test
    void whatIsStartedWhileItIsRemovedByForceIsRemoved() throws Exception {
        try (ExecutorService clients = Executors.newFixedThreadPool(2)) {
            for (int i = 0; i < RACES; i++) {
                String id = create("raced" + i);
                var together = new CyclicBarrier(2);
                Future<?> start = clients.submit(() -> start(together, id));
                Future<?> removal = clients.submit(() -> remove(together, id));
                removal.get();
                start.get();
                assertThat(all()).isEmpty();
            }
        }
    }

    private Void start(CyclicBarrier together, String id) throws Exception {
        together.await();
        try {
            engine.containers().start(id, null);
        } catch (NotFound | Conflict _) {
            // it was too late
        }
        return null;
    }

    private Void remove(CyclicBarrier together, String id) throws Exception {
        together.await();
        engine.containers().remove(id, RemoveOptions.FORCED);
        return null;
    }

    private String createWithVolume(String name, boolean autoRemove) {
        var config = ConfigJson.mapper()
                .readValue("{\"Image\":\"hello-world\",\"Volumes\":{\"/data\":{}}}", ContainerConfig.class);
        var host = ConfigJson.mapper()
                .readValue("{\"NetworkMode\":\"none\",\"AutoRemove\":" + autoRemove + "}", HostConfig.class);
        return engine.containers()
                .create(new CreateRequest(name, config, host, null, null))
                .id();
    }

    private List<String> volumes() {
        return engine.volumes().list(Filters.NONE).stream()
                .map(VolumeView::name)
                .toList();
    }

    /// The daemon has died between them; a creation that was cut off is the same.
    @Test
    void aRemovalThatHasBegunTakesTheVolumesThatNobodyHasNamed() throws Exception {
        String id = createWithVolume("volatile", false);
        assertThat(volumes()).hasSize(1);
        engine.close();
        Files.move(file(id, "config.json"), file(id, "config.json.new"));
        open();
        assertThat(all()).isEmpty();
        assertThat(volumes()).isEmpty();
        assertThat(root.resolve("data/containers")).isEmptyDirectory();
    }

    /// Containers are read one after the other: in any order, a volume is that of all.
    @Test
    void whatEndedWithoutADaemonTakesNoVolumeThatAnotherHas() throws Exception {
        for (int i = 0; i < 4; i++) {
            String ended = createWithVolume("ended" + i, true);
            String volume = engine.containers()
                    .inspect(ended, false)
                    .mounts()
                    .getFirst()
                    .name();
            create("other" + i, "{\"NetworkMode\":\"none\",\"Binds\":[\"" + volume + ":/data\"]}");
            new StateFile(file(ended, "state"))
                    .write(StateRecord.of(new LifeCycle.Exited(0, false, "", Instant.EPOCH, Instant.EPOCH)));
        }
        engine.close();
        open();
        assertThat(all()).hasSize(4);
        assertThat(volumes()).hasSize(4);
    }

    /// The daemon has died before it removed it.
    @Test
    void whatCouldNotBeStartedIsRemovedLikeWhatHasEnded() throws Exception {
        String id = create("failed", "{\"NetworkMode\":\"none\",\"AutoRemove\":true}");
        String fresh = create("fresh", "{\"NetworkMode\":\"none\",\"AutoRemove\":true}");
        engine.close();
        new StateFile(file(id, "state")).write(StateRecord.of(new LifeCycle.Created(127, "no such command")));
        open();
        assertThat(all()).extracting(ContainerSummary::id).containsExactly(fresh);
    }

    /// Nobody who came when it was known already is told the end of a run.
    @Test
    void whoComesAfterTheEndIsThereForTheNextRun() throws Exception {
        String id = create("again");
        Container container = ((HostContainers) engine.containers()).registry().get(id);
        try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < RACES; i++) {
                engine.containers().start(id, null);
                while (!(container.state() instanceof LifeCycle.Exited)) {
                    Thread.onSpinWait();
                }
                Waiting wait = engine.containers().waitFor(id, WaitCondition.NEXT_EXIT);
                Attachment attachment = engine.containers().attach(id, OUTPUT);
                container.awaitCleanUp();
                Future<String> output = clients.submit(() -> output(attachment));
                engine.containers().start(id, null);
                assertThat(wait.await().code()).isZero();
                assertThat(output.get()).contains("Hello");
                assertThat(container.state()).isInstanceOf(LifeCycle.Exited.class);
            }
        }
    }

    private static String output(Attachment attachment) throws Exception {
        try (attachment) {
            var output = new ByteArrayOutputStream();
            attachment.copyOutput((_, bytes, offset, length) -> output.write(bytes, offset, length));
            return output.toString(StandardCharsets.UTF_8);
        }
    }
}
