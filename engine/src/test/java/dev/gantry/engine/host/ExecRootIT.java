package dev.gantry.engine.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gantry.engine.Engine;
import dev.gantry.engine.EngineException.Conflict;
import dev.gantry.engine.EngineOptions;
import dev.gantry.engine.TestContainers;
import dev.gantry.engine.TestOptions;
import dev.gantry.engine.request.RemoveOptions;
import dev.gantry.engine.view.ContainerView;
import dev.gantry.kernel.Pidfd;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What becomes of containers whose daemon dies, and the next one has not the same directories.
@Timeout(60)
class ExecRootIT {
    private static final String CGROUPS = "/gantry-exec-root";
    private static final String FOREVER = "exec sleep 1000";
    private static final String ENDS_AT_TERM = "trap 'exit 3' TERM; sleep 1000 & wait";
    private static final String SLEEPER = "{\"Image\":\"bb\",\"Cmd\":[\"/bin/busybox\",\"sleep\",\"1000\"]}";

    @TempDir
    private Path root = Path.of("");

    private Engine engine;

    @BeforeEach
    void open() throws Exception {
        engine = HostEngine.open(TestOptions.surviving(root, CGROUPS));
    }

    @AfterEach
    void close() {
        TestContainers.removeAll(engine);
        engine.close();
    }

    private String run(String script, String host) throws Exception {
        TestContainers.importBusybox(engine, root);
        String config = "{\"Image\":\"bb\",\"Cmd\":[\"/bin/busybox\",\"sh\",\"-c\",\"%s\"]}".formatted(script);
        String id = TestContainers.create(engine, "victim", config, host);
        engine.containers().start(id, null);
        return id;
    }

    private ContainerView.State state(String id) {
        return engine.containers().inspect(id, false).state();
    }

    private void awaitStatus(String id, String status) {
        TestContainers.await(() -> state(id).status().equals(status));
    }

    /// An engine with another data root.
    private EngineOptions stranger() {
        EngineOptions own = TestOptions.surviving(root, CGROUPS);
        EngineOptions other = TestOptions.surviving(root.resolve("other"), CGROUPS);
        return new EngineOptions(
                other.dataRoot(),
                own.execRoot(),
                own.cgroupParent(),
                own.labels(),
                own.init(),
                own.defaultUlimits(),
                own.logOptions(),
                own.shutdownTimeout(),
                true,
                own.version(),
                own.debug(),
                own.userRemapping(),
                own.runtimes(),
                own.registries());
    }

    @Test
    void runsForOneEngineAtATime() throws Exception {
        String id = run(FOREVER, "{}");

        assertThatThrownBy(() -> HostEngine.open(stranger()))
                .isInstanceOf(Conflict.class)
                .hasMessageContaining("exec root " + root.resolve("exec") + " is in use by another daemon");

        assertThat(state(id).status()).isEqualTo("running");
    }

    @Test
    void belongsToTheDataRootWhoseContainersRunThere() throws Exception {
        String id = run(FOREVER, "{}");
        engine.close();
        try {
            assertThatThrownBy(() -> HostEngine.open(stranger()))
                    .isInstanceOf(Conflict.class)
                    .hasMessageContaining("is its disk mounted?");
        } finally {
            open();
        }
        assertThat(state(id).status()).isEqualTo("running");

        engine.containers().remove(id, RemoveOptions.FORCED);
        engine.close();
        try {
            HostEngine.open(stranger()).close();
        } finally {
            open();
        }
    }

    @Test
    void endsWhatRunsWithoutItsRecords() throws Exception {
        String id = run(FOREVER, "{\"RestartPolicy\":{\"Name\":\"always\"}}");
        int first = state(id).pid();
        engine.close();
        delete(root.resolve("exec"));

        open();

        assertThat(Pidfd.find(first)).isEmpty();
        awaitStatus(id, "running");
    }

    @Test
    void tellsThatAContainerRanWhoseRecordsAreGone() throws Exception {
        String id = run(FOREVER, "{}");
        engine.close();
        delete(root.resolve("exec"));

        open();

        assertThat(state(id).status()).isEqualTo("exited");
        assertThat(state(id).exitCode()).isEqualTo(255);
        engine.containers().start(id, null);
        assertThat(state(id).status()).isEqualTo("running");
    }

    @Test
    void keepsAnEndThatTheDataRootDidNotTake() throws Exception {
        String id = run(FOREVER, "{}");
        Path file = root.resolve("data/containers").resolve(id).resolve("state");
        Path kept = Files.move(file, file.resolveSibling("state.kept"));
        Files.createDirectory(file);
        engine.containers().kill(id, "KILL");
        awaitStatus(id, "exited");
        engine.close();
        Files.delete(file);
        Files.move(kept, file);

        open();

        awaitStatus(id, "exited");
        assertThat(state(id).exitCode()).isEqualTo(137);
        assertThat(state(id).startedAt()).startsWith("20");
    }

    @Test
    void letsWhatItKeptOfAnEndGoWithTheNextStart() throws Exception {
        String id = run("exit 3", "{\"RestartPolicy\":{\"Name\":\"no\"}}");
        awaitStatus(id, "exited");
        Path file = root.resolve("data/containers").resolve(id).resolve("state");
        for (int i = 0; i < 2; i++) {
            Path kept = Files.move(file, file.resolveSibling("state.kept"));
            Files.createDirectory(file);
            engine.containers().start(id, null);
            awaitStatus(id, "exited");
            Files.delete(file);
            Files.move(kept, file);
        }
        engine.containers().remove(id, RemoveOptions.FORCED);

        assertThat(root.resolve("exec/containers")).isEmptyDirectory();
    }

    @Test
    void tellsHowAContainerEndedWhoseRecordsWereRemovedMeanwhile() throws Exception {
        String id = run(ENDS_AT_TERM, "{}");
        delete(root.resolve("exec"));

        endAtTerm(id);

        assertThat(state(id).exitCode()).as("exit code").isEqualTo(3);
    }

    @Test
    void tellsHowAContainerEndedThatItTookBackAndWhoseRecordsWereRemovedThen() throws Exception {
        String id = run(ENDS_AT_TERM, "{}");
        engine.close();
        open();
        delete(root.resolve("exec"));

        endAtTerm(id);

        assertThat(state(id).exitCode()).as("exit code").isEqualTo(3);
    }

    @Test
    void isMadeAnewByAStart() throws Exception {
        String id = run(FOREVER, "{\"RestartPolicy\":{\"Name\":\"no\"}}");
        delete(root.resolve("exec"));
        String next = TestContainers.create(engine, "next", SLEEPER, "{}");

        engine.containers().start(next, null);

        assertThat(Files.getPosixFilePermissions(root.resolve("exec")))
                .as("mode of the exec root")
                .isEqualTo(PosixFilePermissions.fromString("rwx--x--x"));
        assertThat(Files.getPosixFilePermissions(root.resolve("exec/containers")))
                .as("mode of the directory of what runs")
                .isEqualTo(PosixFilePermissions.fromString("rwx--x--x"));
        assertThatThrownBy(() -> HostEngine.open(stranger()))
                .as("another engine on the exec root")
                .isInstanceOf(Conflict.class)
                .hasMessageContaining("exec root " + root.resolve("exec") + " is in use by another daemon");
        int process = state(next).pid();

        engine.close();
        open();

        assertThat(state(next).pid())
                .as("process of what the next engine takes back")
                .isEqualTo(process);
        assertThat(state(id).exitCode()).as("exit code of what has no records").isEqualTo(255);
    }

    @Test
    void startsNothingInWhatAnotherEngineHasTaken() throws Exception {
        TestContainers.importBusybox(engine, root);
        String id = TestContainers.create(engine, "next", SLEEPER, "{}");
        delete(root.resolve("exec"));

        try (Engine _ = HostEngine.open(stranger())) {
            assertThatThrownBy(() -> engine.containers().start(id, null))
                    .isInstanceOf(Conflict.class)
                    .hasMessageContaining("exec root " + root.resolve("exec") + " is in use by another daemon");
        }
        engine.containers().start(id, null);

        assertThat(state(id).status()).isEqualTo("running");
    }

    /// A process without a handler as yet ignores the signal.
    private void endAtTerm(String id) {
        TestContainers.await(() -> {
            try {
                engine.containers().kill(id, "TERM");
            } catch (Conflict _) {
                // it has ended
            }
            return state(id).status().equals("exited");
        });
    }

    private static void delete(Path directory) throws Exception {
        assertThat(new ProcessBuilder("rm", "-r", directory.toString()).start().waitFor())
                .isZero();
        assertThat(Set.of(directory)).allMatch(Files::notExists);
    }
}
