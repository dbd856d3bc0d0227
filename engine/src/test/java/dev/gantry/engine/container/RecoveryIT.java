package dev.gantry.engine.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gantry.engine.Consistency.CheckOptions;
import dev.gantry.engine.Engine;
import dev.gantry.engine.EngineException.Conflict;
import dev.gantry.engine.Filters;
import dev.gantry.engine.TestContainers;
import dev.gantry.engine.TestOptions;
import dev.gantry.engine.config.ConfigJson;
import dev.gantry.engine.host.HostEngine;
import dev.gantry.engine.request.ExecConfig;
import dev.gantry.engine.request.RemoveOptions;
import dev.gantry.engine.request.VolumeRequest;
import dev.gantry.engine.view.CheckView;
import dev.gantry.engine.view.ContainerSummary;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.ObjectNode;

/// What one damaged or strange file costs when the next daemon starts: what it is about, and nothing else.
@Timeout(60)
class RecoveryIT {
    private static final String STRANGER = "0123456789abcdef".repeat(4);

    @TempDir
    private Path root = Path.of("");

    private Engine engine;
    private String other;
    private int process;

    /// With a container that runs, and is to go on.
    @BeforeEach
    void open() throws Exception {
        start();
        TestContainers.importBusybox(engine, root);
        other = run("other", "", "");
        process = pid(other);
    }

    @AfterEach
    void close() {
        TestContainers.removeAll(engine);
        engine.close();
    }

    private void start() {
        engine = HostEngine.open(TestOptions.surviving(root, "/gantry-recovery"));
    }

    /// Starts another engine; the container that runs has gone on.
    private void reopen() {
        engine.close();
        start();
        assertThat(pid(other)).isEqualTo(process);
    }

    private List<ContainerSummary> all() {
        return TestContainers.all(engine);
    }

    private List<String> ids() {
        return all().stream().map(ContainerSummary::id).toList();
    }

    private String create(String name, String config, String host) {
        String command = "{\"Image\":\"bb\",\"Cmd\":[\"/bin/busybox\",\"sleep\",\"1000\"]" + config + "}";
        return TestContainers.create(engine, name, command, "{\"NetworkMode\":\"none\"" + host + "}");
    }

    private String run(String name, String config, String host) {
        String id = create(name, config, host);
        engine.containers().start(id, null);
        return id;
    }

    private int pid(String id) {
        return engine.containers().inspect(id, false).state().pid();
    }

    private Path of(String id, String file) {
        return root.resolve("data/containers").resolve(id).resolve(file);
    }

    private Path exec(String path) {
        return root.resolve("exec").resolve(path);
    }

    /// As if there were output of it that is not in its log yet.
    private Path output(String id) throws Exception {
        return Files.createDirectories(exec("output").resolve(id));
    }

    private CheckView check(boolean repair) {
        return engine.consistency().check(new CheckOptions(repair, false));
    }

    private static List<String> subjects(CheckView report) {
        return report.findings().stream()
                .map(each -> each.kind() + " " + each.subject())
                .toList();
    }

    private static void tear(Path file) throws Exception {
        byte[] whole = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(whole, 40));
    }

    private static String changed(String document, String members) {
        ObjectNode root = (ObjectNode) ConfigJson.mapper().readTree(document);
        root.setAll((ObjectNode) ConfigJson.mapper().readTree(members));
        return root.toString();
    }

    private void copy(String id, String name) throws Exception {
        Process copy = new ProcessBuilder(
                        "cp", "-a", of(id, "").toString(), of(name, "").toString())
                .start();
        assertThat(copy.waitFor()).isZero();
    }

    /// @param damage what the file is instead, or what is another member of it
    @ParameterizedTest
    @ValueSource(strings = {"", "{}", "null", "+{\"name\":\"x y\"}", "+{\"name\":\"\"}", "+{\"config\":null}"})
    void aDefinitionThatIsNoneLeavesItsContainerAlone(String damage) throws Exception {
        String bad = run("bad", "", "");
        int running = pid(bad);
        Path output = output(bad);
        Path config = of(bad, "config.json");
        String whole = Files.readString(config);
        Files.writeString(config, damage.startsWith("+") ? changed(whole, damage.substring(1)) : damage);

        reopen();

        assertThat(ids()).containsExactly(other);
        assertThat(subjects(check(true))).containsExactly("config " + bad);
        assertThat(output).exists();
        Files.writeString(config, whole);
        assertThat(check(true).agrees()).isTrue();
        assertThat(pid(bad)).isEqualTo(running);
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "{}", "{\"log\":[]}", "{\"status\":\"STARTING\",\"log\":[{}]}"})
    void aHealthThatIsNoneIsForgotten(String damage) throws Exception {
        String checks = ",\"Healthcheck\":{\"Test\":[\"CMD\",\"/bin/busybox\",\"true\"],\"Interval\":3600000000000}";
        String checked = run("checked", checks, "");
        int running = pid(checked);
        engine.close();
        Files.writeString(of(checked, "health.json"), damage);
        start();
        assertThat(pid(checked)).isEqualTo(running);
        assertThat(engine.containers().inspect(checked, false).state().health()).isNotNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "{}", "{\"container\":\"\"}", "{"})
    void anExecsRecordThatIsNoneIsForgotten(String damage) throws Exception {
        String kept = engine.execs()
                .create(other, ConfigJson.mapper().readValue("{\"Cmd\":[\"/bin/busybox\"]}", ExecConfig.class));
        Path bad = Files.writeString(exec("execs").resolve(STRANGER), damage);
        reopen();
        assertThat(bad).doesNotExist();
        assertThat(engine.execs().inspect(kept).id()).isEqualTo(kept);
    }

    @Test
    void whatIsNoRunTimeStateIsLeftAlone() throws Exception {
        List<Path> strange = List.of(
                Files.createFile(exec("containers/notes")),
                Files.createFile(exec("containers").resolve(STRANGER)), // cannot be discarded
                Files.createFile(Files.createDirectories(exec("output")).resolve("notes")),
                Files.createDirectories(exec("execs/mine/deeper")),
                Files.createDirectories(exec("containers/it is mine/deeper")));
        reopen();
        assertThat(strange).allMatch(Files::exists);
    }

    @Test
    void aCopyOfAContainersDirectoryIsNotTakenForIt() throws Exception {
        copy(other, other + ".bak");
        copy(other, STRANGER);
        reopen();
        assertThat(ids()).containsExactly(other);
        assertThat(of(other + ".bak", "config.json")).exists();
        assertThat(of(STRANGER, "config.json")).exists();
        assertThat(subjects(check(true)))
                .containsExactlyInAnyOrder("config " + STRANGER, "file " + of(other + ".bak", ""));
    }

    @Test
    void directoriesOfOthersAreLeftAlone() throws Exception {
        Path backup = Files.createFile(
                Files.createDirectories(of("mybackup", "deeper")).resolve("file"));
        Path found = Files.createDirectory(of("lost+found", ""));
        Path file = Files.createFile(of(STRANGER, ""));
        reopen();
        assertThat(List.of(backup, found, file)).allMatch(Files::exists);
    }

    @Test
    void aContainerWhoseDefinitionIsMissingIsLeftAlone() throws Exception {
        String bad = run("bad", "", "");
        int running = pid(bad);
        Path output = output(bad);
        Path work = Files.writeString(of(bad, "upper/work"), "of a user's");
        Path config = of(bad, "config.json");
        Path aside = Files.move(config, root.resolve("aside"));

        reopen();

        assertThat(ids()).containsExactly(other);
        assertThat(subjects(check(true))).containsExactly("config " + bad);
        assertThat(work).exists();
        assertThat(output).exists();
        Files.move(aside, config);
        assertThat(check(true).agrees()).isTrue();
        assertThat(pid(bad)).isEqualTo(running);
    }

    @Test
    void whatACutOffCreationOrRemovalHasLeftIsRemoved() throws Exception {
        String made = create("made", "", "");
        Files.delete(of(made, "config.json"));
        String removed = run("removed", "", "");
        Files.createFile(of(removed, "upper/work"));
        engine.containers().stop(removed, null, 0);
        Files.move(of(removed, "config.json"), of(removed, "config.json.removed"));
        reopen();
        assertThat(ids()).containsExactly(other);
        assertThat(of(made, "")).doesNotExist();
        assertThat(of(removed, "")).doesNotExist();
        assertThat(check(false).agrees()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"no", "always"})
    void aContainerWhoseRunTimeRecordIsDamagedWasLost(String policy) throws Exception {
        String bad = run("bad", "", ",\"RestartPolicy\":{\"Name\":\"" + policy + "\"}");
        int running = pid(bad);
        tear(exec("containers").resolve(bad).resolve("container"));

        reopen();

        var state = engine.containers().inspect(bad, false).state();
        if (policy.equals("no")) {
            assertThat(state.status()).isEqualTo("exited");
            assertThat(state.exitCode()).isEqualTo(255);
        } else {
            TestContainers.await(() -> pid(bad) > 0);
            assertThat(pid(bad)).isNotEqualTo(running);
        }
        TestContainers.await(() -> Files.notExists(Path.of("/proc/" + running + "/exe")));
    }

    @Test
    void whatAContainerThatCannotBeReadMayUseIsKept() throws Exception {
        String bad = run("bad", "", ",\"Binds\":[\"precious:/data\"]");
        engine.volumes().create(new VolumeRequest("idle", null, null, null));
        String whole = Files.readString(of(bad, "config.json"));
        Files.writeString(of(bad, "config.json"), "{}");
        reopen();
        var everything = Filters.of("all", "true");
        List<Runnable> removals = List.of(
                () -> engine.volumes().prune(everything),
                () -> engine.volumes().remove("precious", true),
                () -> engine.images().prune(Filters.NONE),
                () -> engine.images().remove("bb", true, false, List.of()));
        for (Runnable each : removals) {
            assertThatThrownBy(each::run)
                    .isInstanceOf(Conflict.class)
                    .hasMessageContaining(of(bad, "").toString())
                    .hasMessageContaining("gantry system check");
        }
        Files.writeString(of(bad, "config.json"), whole);
        assertThat(check(true).agrees()).isTrue();
        assertThat(engine.volumes().prune(everything).deleted()).containsExactly("idle");
    }

    @Test
    void aVolumeThatAContainerThatCannotBeReadMayUseOutlivesItsOwn() throws Exception {
        String volumes = ",\"Volumes\":{\"/data\":{}}";
        String removed = run("removed", volumes, "");
        String ended = run("ended", volumes, ",\"AutoRemove\":true");
        List<String> names = List.of(volume(removed), volume(ended));
        String bad = run("bad", "", ",\"Binds\":[\"%s:/a\",\"%s:/b\"]".formatted(names.getFirst(), names.getLast()));
        int running = pid(ended);
        String whole = Files.readString(of(bad, "config.json"));
        Files.writeString(of(bad, "config.json"), "{}");
        engine.close();
        ProcessHandle.of(running).orElseThrow().destroyForcibly();
        TestContainers.await(() -> Files.notExists(Path.of("/proc/" + running + "/exe")));
        start();
        TestContainers.await(() -> !ids().contains(ended));

        engine.containers().remove(removed, RemoveOptions.FORCED);

        assertThat(ids()).containsExactly(other);
        assertThat(root.resolve("data/volumes").toFile().list()).contains(names.toArray(String[]::new));
        Files.writeString(of(bad, "config.json"), whole);
        assertThat(check(true).agrees()).isTrue();
        engine.containers().remove(bad, RemoveOptions.FORCED);
        assertThat(engine.volumes().prune(Filters.NONE).deleted()).containsExactlyInAnyOrderElementsOf(names);
    }

    private String volume(String id) {
        return String.valueOf(
                engine.containers().inspect(id, false).mounts().getFirst().name());
    }
}
