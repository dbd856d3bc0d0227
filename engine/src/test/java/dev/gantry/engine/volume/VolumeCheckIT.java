package dev.gantry.engine.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gantry.engine.EngineException.Failed;
import dev.gantry.engine.Filters;
import dev.gantry.engine.config.Mount.DriverConfig;
import dev.gantry.engine.config.Mount.VolumeOptions;
import dev.gantry.engine.event.EventLog;
import dev.gantry.engine.request.VolumeRequest;
import dev.gantry.engine.spec.MountPlan;
import dev.gantry.engine.view.VolumeView;
import dev.gantry.kernel.SafeDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Damage to the files of volumes.
class VolumeCheckIT {
    private static final MountPlan.Volume ANONYMOUS = MountPlan.Volume.anonymous("/data");

    private Path directory;
    private LocalVolumes volumes;

    @BeforeEach
    void open() throws IOException {
        directory = Files.createTempDirectory("gantry-volume");
        Files.createDirectories(directory.resolve("root/data"));
        again();
    }

    private void again() throws IOException {
        volumes = LocalVolumes.open(directory.resolve("volumes"), 3, 4, new EventLog(), () -> {});
    }

    @AfterEach
    void removeEverything() throws IOException {
        try (SafeDirectory parent = SafeDirectory.open(directory.getParent())) {
            parent.removeTree(directory.getFileName().toString());
        }
    }

    private Path of(String name) {
        return directory.resolve("volumes").resolve(name);
    }

    private void make(String name, Map<String, String> labels) {
        assertThat(volumes.create(new VolumeRequest(name, null, null, labels)).name())
                .isEqualTo(name);
    }

    private List<String> damaged() throws IOException {
        List<String> damaged = new ArrayList<>();
        for (VolumeCheck.Problem each : volumes.check().problems()) {
            assertThat(each).isInstanceOf(VolumeCheck.Damaged.class);
            damaged.add(((VolumeCheck.Damaged) each).name());
        }
        return damaged;
    }

    private static MountPlan.Volume plan(String name, Map<String, String> labels, DriverConfig driver) {
        return new MountPlan.Volume(name, "/data", false, "z", new VolumeOptions(false, labels, driver, ""));
    }

    @Test
    void aLostRecordIsWrittenAsTheEngineKnowsIt() throws IOException {
        make("kept", Map.of("a", "b"));
        byte[] record = Files.readAllBytes(of("kept/volume.json"));
        for (String content : new String[] {"", "\0".repeat(record.length), "{\"name\":", "{}"}) {
            Files.writeString(of("kept/volume.json"), content);
            assertThat(damaged()).containsExactly("kept");
            volumes.check().restore("kept", Map.of());
            assertThat(of("kept/volume.json")).hasBinaryContent(record);
        }
        Files.delete(of("kept/volume.json"));
        assertThat(damaged()).containsExactly("kept");
        volumes.check().restore("kept", Map.of());

        assertThat(damaged()).isEmpty();
        assertThat(of("kept/volume.json")).hasBinaryContent(record);
    }

    @Test
    void oneThatCouldNotBeReadIsRecordedAsContainersKnowIt() throws IOException {
        Path host = Files.createDirectory(directory.resolve("host"));
        Map<String, String> options = Map.of("type", "none", "o", "bind", "device", host.toString());
        String anonymous = VolumeNames.of("c1", ANONYMOUS);
        volumes.ofContainers().prepare("c1", List.of(ANONYMOUS), () -> SafeDirectory.open(directory.resolve("root")));
        make("labelled", Map.of());
        make("bound", Map.of());
        make("alone", Map.of());
        Files.writeString(of("labelled/_data/file"), "mine");
        Instant created = Instant.parse(volumes.inspect("labelled").createdAt());
        List<String> all = List.of(anonymous, "labelled", "bound", "alone");
        for (String each : all) {
            Files.write(of(each).resolve("volume.json"), new byte[0]);
        }
        again();
        assertThat(volumes.list(Filters.NONE)).isEmpty();
        assertThat(damaged()).containsExactlyInAnyOrderElementsOf(all);

        Map<String, List<MountPlan>> mounts = Map.of(
                "c1",
                List.of(ANONYMOUS, plan("labelled", Map.of("a", "b"), null)),
                "c2",
                List.of(plan("bound", Map.of(), new DriverConfig("local", options))));
        for (String each : all) {
            volumes.check().restore(each, mounts);
        }

        for (int i = 0; i < 2; i++) {
            assertThat(damaged()).isEmpty();
            assertThat(volumes.list(Filters.NONE))
                    .extracting(VolumeView::name)
                    .containsExactlyInAnyOrderElementsOf(all);
            assertThat(volumes.inspect("labelled").labels()).isEqualTo(Map.of("a", "b"));
            assertThat(Instant.parse(volumes.inspect("labelled").createdAt()))
                    .isBetween(created.minusSeconds(2), created.plusSeconds(2));
            assertThat(volumes.inspect("bound").options()).isEqualTo(options);
            assertThat(volumes.inspect("alone").labels()).isNull();
            assertThat(volumes.inspect(anonymous).labels()).isEqualTo(Map.of(VolumeRecord.ANONYMOUS, ""));
            assertThat(of("labelled/_data/file")).hasContent("mine");
            again();
        }
    }

    @Test
    void oneThatCouldNotBeReadIsNamedToWhoeverWantsIt() throws IOException {
        make("torn", Map.of());
        Files.write(of("torn/volume.json"), new byte[0]);
        again();

        String message = "volume torn is in " + of("torn")
                + ", and its record could not be read: mend it with gantry system check --repair";
        assertThatThrownBy(() -> make("torn", Map.of()))
                .isInstanceOf(Failed.class)
                .hasMessage(message);
        assertThatThrownBy(() -> volumes.ofContainers()
                        .ensure("c1", List.of(plan("torn", Map.of(), null)), () -> SafeDirectory.open(directory)))
                .isInstanceOf(Failed.class)
                .hasMessage(message);
        try (var files = Files.list(directory.resolve("volumes"))) {
            assertThat(files).containsExactly(of("torn"));
        }
    }

    @Test
    void lostDirectoriesAreMadeAgain() throws IOException {
        make("empty", Map.of());
        make("gone", Map.of());
        Files.delete(of("empty/_data"));
        Files.delete(of("gone/_data"));
        Files.delete(of("gone/volume.json"));
        Files.delete(of("gone"));
        assertThat(damaged()).containsExactly("empty", "gone");
        for (String each : damaged()) {
            volumes.check().restore(each, Map.of());
            assertThat(Files.getAttribute(of(each).resolve("_data"), "unix:uid"))
                    .isEqualTo(3);
            assertThat(Files.getAttribute(of(each).resolve("_data"), "unix:gid"))
                    .isEqualTo(4);
        }
        assertThat(damaged()).isEmpty();
        again();
        assertThat(volumes.list(Filters.NONE)).hasSize(2);
    }

    @Test
    void oneThatIsRemovedMeanwhileIsNotMadeAgain() throws IOException {
        make("gone", Map.of());
        Files.delete(of("gone/_data"));
        assertThat(damaged()).containsExactly("gone");
        volumes.remove("gone", false);

        assertThatThrownBy(() -> volumes.check().restore("gone", Map.of()))
                .isInstanceOf(IOException.class)
                .hasMessage("volume gone is not there any more");
        assertThat(of("gone")).doesNotExist();
    }

    @Test
    void whatNobodyFinishesIsRemoved() throws IOException {
        make("some", Map.of());
        Path beside = Files.createDirectories(of(".1234/_data")).getParent();
        Path within = Files.createDirectory(of("some/.1234"));
        VolumeCheck check = volumes.check();
        List<VolumeCheck.Problem> problems = check.problems();
        assertThat(problems)
                .containsExactly(
                        new VolumeCheck.Abandoned(".1234", beside), new VolumeCheck.Abandoned("some/.1234", within));
        for (VolumeCheck.Problem each : problems) {
            check.remove((VolumeCheck.Abandoned) each);
        }
        assertThat(check.problems()).isEmpty();
        assertThat(beside).doesNotExist();
        assertThat(within).doesNotExist();
    }

    @Test
    void whatSomebodyMakesIsLeftAlone() throws IOException {
        make("some", Map.of());
        var seen = new ArrayList<VolumeCheck.Problem>();
        for (String name : new String[] {"some", "new"}) {
            volumes.ofContainers().prepare("c1", List.of(plan(name, Map.of(), null)), () -> {
                try (var files = Files.walk(directory.resolve("volumes"), 2)) {
                    Path unfinished = files.filter(
                                    each -> each.getFileName().toString().startsWith("."))
                            .findFirst()
                            .orElseThrow();
                    String path =
                            directory.resolve("volumes").relativize(unfinished).toString();
                    assertThatThrownBy(() -> volumes.check().remove(new VolumeCheck.Abandoned(path, unfinished)))
                            .hasMessage("it is being made or removed");
                }
                seen.addAll(volumes.check().problems());
                return SafeDirectory.open(directory.resolve("root"));
            });
        }
        assertThat(seen).isEmpty();
        assertThat(volumes.check().problems()).isEmpty();
    }

    @Test
    void whatGantryDoesNotMakeIsNamed() throws IOException {
        make("some", Map.of());
        Files.delete(of("some/_data"));
        Files.createSymbolicLink(of("some/_data"), Path.of("/etc"));
        Files.writeString(of("notes.txt"), "mine");

        assertThat(volumes.check().problems())
                .containsExactly(new VolumeCheck.Strange(of("notes.txt")), new VolumeCheck.Strange(of("some/_data")));
    }
}
