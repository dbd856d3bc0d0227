package dev.gantry.engine.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gantry.engine.EngineException.Conflict;
import dev.gantry.engine.EngineException.Failed;
import dev.gantry.engine.Filters;
import dev.gantry.engine.config.Mount.VolumeOptions;
import dev.gantry.engine.event.EventLog;
import dev.gantry.engine.request.VolumeRequest;
import dev.gantry.engine.spec.MountPlan;
import dev.gantry.engine.view.VolumeView;
import dev.gantry.kernel.FileStatus;
import dev.gantry.kernel.FileType;
import dev.gantry.kernel.SafeDirectory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.logging.Filter;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ContainerVolumesIT {
    private static final MountPlan.Volume ANONYMOUS = MountPlan.Volume.anonymous("/data");

    private Path directory;
    private SafeDirectory image;
    private LocalVolumes volumes;
    private ContainerVolumes ofContainers;

    @BeforeEach
    void makeAnImage() throws IOException {
        directory = Files.createTempDirectory("gantry-volume");
        Files.createDirectories(directory.resolve("root/data/sub"));
        image = SafeDirectory.open(directory.resolve("root"));
        open();
    }

    private void open() throws IOException {
        volumes = LocalVolumes.open(directory.resolve("volumes"), 0, 0, new EventLog(), () -> {});
        ofContainers = volumes.ofContainers();
    }

    @AfterEach
    void removeEverything() throws IOException {
        image.close();
        try (SafeDirectory parent = SafeDirectory.open(directory.getParent())) {
            parent.removeTree(directory.getFileName().toString());
        }
    }

    private SafeDirectory root() throws IOException {
        return SafeDirectory.open(directory.resolve("root"));
    }

    private static MountPlan.Volume named(String name) {
        return named(name, false, "");
    }

    private static MountPlan.Volume named(String name, boolean noCopy, String subpath) {
        return new MountPlan.Volume(name, "/data", false, "z", new VolumeOptions(noCopy, Map.of(), null, subpath));
    }

    private Path prepared(String container, MountPlan.Volume volume) throws IOException {
        ofContainers.prepare(container, List.of(volume), this::root);
        return ofContainers.mountpoint(container, volume);
    }

    private List<String> names() {
        return volumes.list(Filters.NONE).stream().map(VolumeView::name).toList();
    }

    @Test
    void beginWithWhatTheImageHas() throws IOException {
        Instant time = Instant.parse("2020-01-01T00:00:00Z");
        image.writeFile("/data/sub/file", "content".getBytes(StandardCharsets.UTF_8), 0600);
        image.createHardLink("/data/sub/file", "/data/second");
        image.createSymlink("/etc/passwd", "/data/link");
        image.createNode("/data/null", FileType.CHARACTER_DEVICE, 0620, new FileStatus.Device(1, 3));
        image.setXattr("/data/sub/file", "user.note", new byte[] {1});
        image.chown("/data/sub/file", 7, 8);
        image.chmod("/data/sub/file", 04750);
        image.setTimes("/data/sub/file", time, time);
        image.chown("/data", 70, 80);
        image.chmod("/data", 01777);
        volumes.create(new VolumeRequest("empty", null, null, null));

        for (MountPlan.Volume each : List.of(ANONYMOUS, named("new"), named("empty"))) {
            try (SafeDirectory made = SafeDirectory.open(prepared("c1", each))) {
                FileStatus file = made.statusNoFollow("/sub/file");
                assertThat(file.mode()).isEqualTo(04750);
                assertThat(file.uid()).isEqualTo(7);
                assertThat(file.gid()).isEqualTo(8);
                assertThat(file.modified()).isEqualTo(time);
                assertThat(file.isSameFileAs(made.statusNoFollow("/second"))).isTrue();
                assertThat(made.readFile("/sub/file", 100)).asString().isEqualTo("content");
                assertThat(made.getXattr("/sub/file", "user.note")).contains(new byte[] {1});
                assertThat(made.readSymlink("/link")).isEqualTo("/etc/passwd");
                assertThat(made.statusNoFollow("/null").special()).isEqualTo(new FileStatus.Device(1, 3));
                assertThat(made.status("/").mode()).isEqualTo(01777);
                assertThat(made.status("/").uid()).isEqualTo(70);
            }
        }
    }

    @Test
    void keepTheirContent() throws IOException {
        Path first = prepared("c1", named("kept"));
        Files.writeString(first.resolve("mine"), "kept");
        image.writeFile("/data/sub/late", new byte[1], 0644);

        assertThat(prepared("c2", named("kept"))).isEqualTo(first);
        ofContainers.ensure("c1", List.of(named("kept")), this::root);

        assertThat(first.resolve("mine")).hasContent("kept");
        assertThat(first.resolve("sub/late")).doesNotExist();
        assertThat(VolumeNames.of("c1", ANONYMOUS)).isNotEqualTo(VolumeNames.of("c2", ANONYMOUS));
        assertThat(VolumeNames.of("c1", ANONYMOUS))
                .isNotEqualTo(VolumeNames.of("c1", MountPlan.Volume.anonymous("/b")));
    }

    @Test
    void areLeftEmptyWhenAsked() throws IOException {
        assertThat(prepared("c1", named("bare", true, ""))).isEmptyDirectory();
        // and by a start that finds them empty
        ofContainers.ensure("c1", List.of(named("bare")), this::root);
        assertThat(ofContainers.mountpoint("c1", named("bare"))).isEmptyDirectory();
    }

    @Test
    void getContentWhereOthersSeeThem() throws IOException {
        Path shared = prepared("c1", named("shared", true, ""));
        long inode = (long) Files.getAttribute(shared, "unix:ino");

        prepared("c2", named("shared"));

        assertThat(shared.resolve("sub")).isDirectory();
        assertThat(Files.getAttribute(shared, "unix:ino")).isEqualTo(inode);
    }

    /// CVE-2024-1753 and its kin: the target of an image's volume is a symlink out of its root.
    @Test
    void takeNothingFromOutsideTheRoot() throws IOException {
        Path canary = Files.createDirectory(directory.resolve("host"));
        Files.writeString(canary.resolve("secret"), "of the host");
        image.createSymlink(canary.toString(), "/evil");
        image.createSymlink("../../../../../../" + canary, "/relative");

        for (String target : new String[] {"/evil", "/relative"}) {
            assertThat(prepared("c1", MountPlan.Volume.anonymous(target))).isEmptyDirectory();
        }
    }

    /// CVE-2021-25741 and its kin: a container has put a symlink where a part of its volume is to be mounted.
    @Test
    void showNoPartThatLiesOutside() throws IOException {
        Path host = Files.createDirectory(directory.resolve("host"));
        Path data = prepared("c1", named("parts"));
        Files.createSymbolicLink(data.resolve("absolute"), host);
        Files.createSymbolicLink(data.resolve("relative"), Path.of("../../../host"));
        Files.createSymbolicLink(data.resolve("inside"), Path.of("sub"));

        for (String part : List.of("absolute", "relative", "missing")) {
            assertThatThrownBy(() -> ofContainers.open("c1", named("parts", false, part)))
                    .isInstanceOf(Failed.class)
                    .hasMessageStartingWith("cannot access path " + data.resolve(part));
        }
        try (ContainerVolumes.Source source = ofContainers.open("c1", named("parts", false, "inside"))) {
            assertThat(Path.of(source.path()).toRealPath()).isEqualTo(data.resolve("sub"));
        }
    }

    @Test
    void stayWhileContainersUseThem() throws IOException {
        prepared("c1", named("shared"));
        prepared("c2", named("shared"));
        prepared("c1", ANONYMOUS);
        ofContainers.release("c2", List.of(named("shared")), true);

        assertThatThrownBy(() -> volumes.remove("shared", true))
                .isInstanceOf(Conflict.class)
                .hasMessage("remove shared: volume is in use - [c1]");
        assertThat(volumes.prune(Filters.of("all", "true")).deleted()).isEmpty();

        ofContainers.release("c1", List.of(named("shared"), ANONYMOUS), true);
        assertThat(names()).containsExactly("shared");
        assertThat(volumes.prune(Filters.NONE).deleted()).isEmpty();
        assertThat(volumes.prune(Filters.of("all", "true")).deleted()).containsExactly("shared");
        assertThat(directory.resolve("volumes")).isEmptyDirectory();
    }

    /// That others use it is nothing to tell anybody.
    @Test
    void withoutANameOutliveTheirContainerQuietlyWhereOthersUseThem() throws IOException {
        String name = VolumeNames.of("c1", ANONYMOUS);
        prepared("c1", ANONYMOUS);
        prepared("c2", named(name));
        List<LogRecord> told = new ArrayList<>();
        Logger logger = Logger.getLogger(ContainerVolumes.class.getName());
        Filter before = logger.getFilter();
        logger.setFilter(told::add);
        try {
            ofContainers.release("c1", List.of(ANONYMOUS), true);
        } finally {
            logger.setFilter(before);
        }

        assertThat(told).isEmpty();
        assertThat(names()).containsExactly(name);
        ofContainers.release("c2", List.of(named(name)), true);
    }

    @Test
    void areThereAgainAfterTheEngineWasKilled() throws IOException {
        prepared("c1", ANONYMOUS);
        volumes.create(new VolumeRequest("kept", "local", null, Map.of("a", "b")));
        VolumeView before = volumes.inspect("kept");
        // what it was about to make, to fill and to remove
        Files.createDirectories(directory.resolve("volumes/.half/_data/x"));
        Files.createDirectories(directory.resolve("volumes/kept/.staged/x"));

        open();

        assertThat(volumes.inspect("kept")).isEqualTo(before);
        assertThat(names()).containsExactlyInAnyOrder("kept", VolumeNames.of("c1", ANONYMOUS));
        assertThat(directory.resolve("volumes/.half")).doesNotExist();
        assertThat(directory.resolve("volumes/kept/.staged")).doesNotExist();
        ofContainers.hold("c1", List.of(ANONYMOUS));
        assertThat(volumes.prune(Filters.NONE).deleted()).isEmpty();
    }

    @Test
    void areMadeOnceForContainersThatAreMadeAtTheSameTime() throws Exception {
        image.writeFile("/data/file", new byte[100_000], 0644);
        List<Callable<Path>> all = IntStream.range(0, 16)
                .mapToObj(i -> (Callable<Path>) () -> prepared("c" + i, named("one")))
                .toList();
        try (var workers = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var each : workers.invokeAll(all)) {
                assertThat(each.get().resolve("file")).hasSize(100_000);
            }
        }
        try (var files = Files.list(directory.resolve("volumes"))) {
            assertThat(files).hasSize(1);
        }
        try (var files = Files.list(directory.resolve("volumes/one"))) {
            assertThat(files).hasSize(2);
        }
    }

    @Test
    void canBeDirectoriesOfTheHost() throws IOException {
        Path host = Files.createDirectory(directory.resolve("host"));
        Map<String, String> options = Map.of("type", "none", "o", "bind", "device", host.toString());
        volumes.create(new VolumeRequest("bound", null, options, null));

        prepared("c1", named("bound"));

        try (ContainerVolumes.Source source = ofContainers.open("c1", named("bound"))) {
            assertThat(source.path()).isEqualTo(host.toString());
        }
        assertThat(host.resolve("sub")).isDirectory();
        ofContainers.release("c1", List.of(named("bound")), true);
        volumes.remove("bound", false);
        assertThat(host.resolve("sub")).isDirectory();
    }

    @Test
    void leaveNothingOfAContainerThatCannotBeMade() {
        MountPlan.Volume bad = named("a b");
        assertThatThrownBy(() -> ofContainers.prepare("c1", List.of(ANONYMOUS, bad), this::root))
                .hasMessageContaining("includes invalid characters for a local volume name");
        assertThat(names()).isEmpty();
    }
}
