package dev.gantry.engine.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.engine.Consistency.CheckOptions;
import dev.gantry.engine.Engine;
import dev.gantry.engine.Filters;
import dev.gantry.engine.TestContainers;
import dev.gantry.engine.TestOptions;
import dev.gantry.engine.host.HostEngine;
import dev.gantry.engine.request.VolumeRequest;
import dev.gantry.engine.request.WaitCondition;
import dev.gantry.engine.view.CheckView;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Fabricated damage to an engine's files, found by name; what is lost for good is named and kept.
class HostConsistencyIT {
    private static final String STRANGER = "0123456789abcdef".repeat(4);

    @TempDir
    private Path root = Path.of("");

    private Engine engine;
    private String created;
    private String ended;

    @BeforeEach
    void open() throws Exception {
        engine = HostEngine.open(TestOptions.of(root, "/gantry-consistency"));
        created = create();
        ended = create();
        engine.containers().start(ended, null);
        try (var end = engine.containers().waitFor(ended, WaitCondition.NOT_RUNNING)) {
            assertThat(end.await().code()).isZero();
        }
        assertThat(check(false).agrees()).isTrue();
    }

    @AfterEach
    void close() {
        TestContainers.removeAll(engine);
        engine.close();
    }

    private String create() {
        return TestContainers.create(engine, null, "{\"Image\":\"hello-world\"}", "{\"NetworkMode\":\"none\"}");
    }

    private CheckView check(boolean repair) {
        return engine.consistency().check(new CheckOptions(repair, false));
    }

    private Path of(String container, String file) {
        return root.resolve("data/containers").resolve(container).resolve(file);
    }

    private static List<String> subjects(CheckView report) {
        return report.findings().stream()
                .map(each -> each.kind() + " " + each.subject())
                .toList();
    }

    /// Found, unchanged without a repair, mended by one, and gone then.
    private void isFoundAndMended(String... subjects) {
        assertThat(subjects(check(false))).containsExactlyInAnyOrder(subjects);
        CheckView repaired = check(true);
        assertThat(subjects(repaired)).containsExactlyInAnyOrder(subjects);
        assertThat(repaired.findings()).allMatch(each -> each.outcome().equals("mended"));
        assertThat(repaired.agrees()).isTrue();
        assertThat(check(false).findings()).isEmpty();
    }

    private void isFoundAndLeft(String subject) {
        assertThat(subjects(check(false))).containsExactly(subject);
        CheckView repaired = check(true);
        assertThat(subjects(repaired)).containsExactly(subject);
        assertThat(repaired.findings()).allMatch(each -> each.outcome().equals("left"));
        assertThat(repaired.agrees()).isFalse();
        assertThat(subjects(check(false))).containsExactly(subject);
    }

    @Test
    void countsWhatItLooksAt() {
        TestContainers.await(() -> check(false).lookedAt().running() == 0); // a moment after the end is told
        assertThat(check(false).lookedAt()).isEqualTo(new CheckView.LookedAt(2, 0, 0, 0, 1, 1, 3));
    }

    @Test
    void tornConfigAndStateOfKnownContainersAreWrittenAgain() throws IOException {
        Files.writeString(of(created, "config.json"), "{\"id\":");
        Files.write(of(ended, "state"), new byte[8192]);
        isFoundAndMended("config " + created, "state " + ended);
    }

    @Test
    void lostConfigAndStateAreWrittenAgain() throws IOException {
        Files.delete(of(created, "config.json"));
        Files.delete(of(ended, "state"));
        isFoundAndMended("config " + created, "state " + ended);
    }

    @Test
    void filesOfAnotherContainerAreReplaced() throws IOException {
        Files.writeString(of(created, "config.json"), Files.readString(of(ended, "config.json")));
        Files.write(of(created, "state"), Files.readAllBytes(of(ended, "state")));
        isFoundAndMended("config " + created, "state " + created);
    }

    @Test
    void lostDirectoriesAndFilesAreMadeAgain() throws IOException {
        Files.delete(of(created, "upper"));
        Files.delete(of(created, "work"));
        Files.delete(of(created, "resolv.conf"));
        isFoundAndMended(
                "file " + of(created, "upper"), "file " + of(created, "work"), "file " + of(created, "resolv.conf"));
        engine.containers().start(created, null);
    }

    @Test
    void unfinishedReplacementsAreRemoved() throws IOException {
        Files.createFile(of(created, "config.json.new"));
        Files.createFile(of(ended, "state.new"));
        isFoundAndMended("file " + of(created, "config.json.new"), "file " + of(ended, "state.new"));
    }

    @Test
    void whatIsLeftOfARunIsRemoved() throws IOException {
        Path left = root.resolve("exec/containers").resolve(ended);
        TestContainers.await(
                () -> Files.notExists(left)); // the end of the run itself removes it, a moment after the end is told
        Files.createDirectories(left);
        TestContainers.await(() -> !check(false).agrees()); // until then it belongs to a run that is being cleaned up
        Files.createDirectories(root.resolve("exec/output").resolve(created));
        isFoundAndMended("runtime " + ended, "output " + created);
    }

    @Test
    void whatBelongsToNoContainerIsRemoved() throws IOException {
        Files.createDirectories(of(STRANGER, "upper"));
        Files.createDirectories(root.resolve("exec/containers").resolve(STRANGER));
        Path output = Files.createDirectories(root.resolve("exec/output").resolve(STRANGER));
        Path exec = Files.createFile(root.resolve("exec/execs").resolve(STRANGER));
        assertThat(subjects(check(false))).doesNotContain("exec " + exec);
        Files.setLastModifiedTime(exec, FileTime.from(Instant.now().minusSeconds(60)));
        isFoundAndMended("container " + STRANGER, "runtime " + STRANGER, "output " + output, "exec " + exec);
    }

    @Test
    void aTornConfigOfAContainerThatIsNotLoadedIsNamedAndItsFilesAreKept() throws IOException {
        Files.createDirectories(of(STRANGER, "upper"));
        Path work = Files.writeString(of(STRANGER, "upper/work"), "of a user's");
        Files.writeString(of(STRANGER, "config.json"), "{");
        isFoundAndLeft("config " + STRANGER);
        assertThat(work).hasContent("of a user's");
    }

    @Test
    void aCopyOfAContainerIsAdmittedUnderAnotherName() throws IOException {
        String config = Files.readString(of(created, "config.json"));
        Files.createDirectories(of(STRANGER, "upper"));
        Files.createDirectories(of(STRANGER, "work"));
        for (String name : List.of("hostname", "hosts", "resolv.conf")) {
            Files.copy(of(created, name), of(STRANGER, name));
        }
        Files.writeString(of(STRANGER, "config.json"), config.replace(created, STRANGER));
        isFoundAndMended("container " + STRANGER);
        String name = engine.containers().inspect(STRANGER, false).name();
        assertThat(name)
                .isNotEqualTo(engine.containers().inspect(created, false).name());
        engine.close();
        engine = HostEngine.open(TestOptions.of(root, "/gantry-consistency"));
        assertThat(engine.containers().inspect(STRANGER, false).name()).isEqualTo(name);
        assertThat(check(false).agrees()).isTrue();
    }

    @Test
    void damagedVolumesAreMadeWhole() throws IOException {
        for (String name : List.of("torn", "lost", "empty")) {
            engine.volumes().create(new VolumeRequest(name, null, null, null));
        }
        Path volumes = root.resolve("data/volumes");
        Files.write(volumes.resolve("torn/volume.json"), new byte[0]);
        engine.close();
        engine = HostEngine.open(TestOptions.of(root, "/gantry-consistency"));
        Files.delete(volumes.resolve("lost/volume.json"));
        Files.delete(volumes.resolve("empty/_data"));
        Path unfinished = Files.createDirectory(volumes.resolve(".unfinished"));
        isFoundAndMended("volume torn", "volume lost", "volume empty", "file " + unfinished);
        assertThat(engine.volumes().list(Filters.NONE)).hasSize(3);
    }

    @Test
    void filesThatGantryDoesNotMakeAreNamed() throws IOException {
        Path strange = Files.createFile(root.resolve("data/containers/notes.txt"));
        isFoundAndLeft("file " + strange);
    }

    @Test
    void stateOfWhatIsNoContainersIsNamed() throws IOException {
        Files.createDirectories(root.resolve("exec/containers/mine"));
        isFoundAndLeft("runtime mine");
    }

    @Test
    void aLostDirectoryOfAContainerIsNamed() throws IOException {
        Path elsewhere = Files.move(of(created, "").normalize(), root.resolve("elsewhere"));
        isFoundAndLeft("container " + created);
        Files.move(elsewhere, of(created, "").normalize());
    }
}
