package dev.gantry.engine.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gantry.engine.EngineException.Conflict;
import dev.gantry.engine.EngineException.Invalid;
import dev.gantry.engine.EngineException.NotFound;
import dev.gantry.engine.EngineOptions;
import dev.gantry.engine.Event;
import dev.gantry.engine.EventStream;
import dev.gantry.engine.Filters;
import dev.gantry.engine.Images.PrunedImages;
import dev.gantry.engine.event.EventLog;
import dev.gantry.engine.request.ImportRequest;
import dev.gantry.engine.view.DeletedImage;
import dev.gantry.engine.view.ImageSummary;
import dev.gantry.engine.view.ImageView;
import dev.gantry.oci.Digest;
import dev.gantry.oci.Json;
import dev.gantry.oci.MalformedException;
import dev.gantry.store.ImageStore;
import dev.gantry.store.Lease;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Images over a store of the test's own. The expected answers are dockerd 20.10's where no comment says otherwise.
class LocalImagesIT {
    private static final byte[] EMPTY_ARCHIVE = new byte[1024];
    private static final String CONTAINER = "8db1868ee7e68c71123e93ee1079006adec45ab96b8551aadba26bcd7f636855";

    @TempDir
    private Path root = Path.of("");

    private final Map<String, List<ImageUse.Using>> uses = new HashMap<>();
    private final EventLog log = new EventLog();
    private LocalImages images;

    @BeforeEach
    void openStore() throws IOException {
        images = new LocalImages(
                ImageStore.open(root.resolve("store")),
                new Registries(EngineOptions.Registries.NOTHING_SPECIAL, "test"),
                id -> uses.getOrDefault(id.toString(), List.of()),
                log);
    }

    private String make(@Nullable String reference, String... changes) {
        return images.importTar(new ImportRequest(
                new ByteArrayInputStream(EMPTY_ARCHIVE), reference, List.of(changes), "my message", null));
    }

    private void use(String id, boolean running) {
        uses.put(id, List.of(new ImageUse.Using(CONTAINER, running)));
    }

    private List<String> names(Filters filters) {
        return images.list(false, filters).stream()
                .map(image -> String.join(",", image.repoTags()))
                .toList();
    }

    private static String shortId(String id) {
        return id.substring("sha256:".length()).substring(0, 12);
    }

    private interface Action {
        void run();
    }

    private List<String> eventsOf(Action action) throws InterruptedException {
        try (EventStream stream = log.subscribe(Filters.of("type", "image"), null, null)) {
            action.run();
            log.publish("image", "end", "", Map.of());
            List<String> seen = new ArrayList<>();
            for (Event event = stream.next(); event != null && !event.action().equals("end"); event = stream.next()) {
                seen.add(event.action() + " " + event.actorId() + " " + event.attributes());
            }
            return seen;
        }
    }

    @Test
    void importShowsUpInListAndInspect() {
        Instant before = Instant.now().minusSeconds(1);
        String id = make("img:1", "CMD [\"/bin/sh\"]", "LABEL a=b", "EXPOSE 80", "VOLUME /v", "ENV A=1");
        images.tag("img:1", "quay.io/x/y", "z");
        ImageSummary summary = images.list(false, Filters.NONE).getFirst();
        assertThat(summary.id()).isEqualTo(id);
        assertThat(summary.repoTags()).containsExactly("img:1", "quay.io/x/y:z");
        assertThat(summary.repoDigests()).isEmpty();
        assertThat(summary.labels()).containsExactly(Map.entry("a", "b"));
        assertThat(summary.parentId()).isEmpty();
        ImageView view = images.inspect(id);
        assertThat(Instant.parse(view.created())).isBetween(before, Instant.now());
        assertThat(view.comment()).isEqualTo("my message");
        assertThat(view.os()).isEqualTo("linux");
        assertThat(view.config().cmd()).containsExactly("/bin/sh");
        assertThat(view.config().exposedPorts()).containsOnlyKeys("80/tcp");
        assertThat(view.config().volumes()).containsOnlyKeys("/v");
        assertThat(view.config().env()).containsExactly("A=1");
        assertThat(view.rootFileSystem().type()).isEqualTo("layers");
        assertThat(view.rootFileSystem().layers()).hasSize(1);
        assertThat(view.graphDriver().name()).isEqualTo("overlay2");
        assertThat(view.graphDriver().data().get("UpperDir")).endsWith("/fs");
        assertThat(Instant.parse(view.metadata().lastTagTime())).isBetween(before, Instant.now());
        assertThat(images.history("img:1", null)).singleElement().satisfies(item -> {
            assertThat(item.id()).isEqualTo(id);
            assertThat(item.comment()).isEqualTo("my message");
            assertThat(item.tags()).containsExactly("img:1", "quay.io/x/y:z");
        });
    }

    /// Every field that dockerd's answers have, beside those that the daemon adds for old clients.
    @Test
    void answersHaveDockersFields() {
        make("img:1", "CMD x");
        assertThat(Json.mapper().valueToTree(images.inspect("img:1")).propertyNames())
                .contains(
                        "Id",
                        "RepoTags",
                        "RepoDigests",
                        "Parent",
                        "Comment",
                        "Created",
                        "DockerVersion",
                        "Author",
                        "Config",
                        "Architecture",
                        "Os",
                        "Size",
                        "GraphDriver",
                        "RootFS",
                        "Metadata");
        assertThat(Json.mapper()
                        .valueToTree(images.list(true, Filters.NONE))
                        .get(0)
                        .propertyNames())
                .containsExactlyInAnyOrder(
                        "Containers",
                        "Created",
                        "Id",
                        "Labels",
                        "ParentId",
                        "RepoDigests",
                        "RepoTags",
                        "SharedSize",
                        "Size");
        assertThat(Json.mapper()
                        .valueToTree(images.history("img:1", null))
                        .get(0)
                        .propertyNames())
                .containsExactlyInAnyOrder("Id", "Created", "CreatedBy", "Tags", "Size", "Comment");
    }

    @ParameterizedTest
    @CsvSource({
        "nosuch, No such image: nosuch:latest",
        "nosuch:1, No such image: nosuch:1",
        "docker.io/library/nosuch, No such image: nosuch:latest",
        "sha256:zz, No such image: sha256:zz",
        "000000000000, No such image: 000000000000:latest",
        "0000000000000000000000000000000000000000000000000000000000000000,"
                + " No such image: sha256:0000000000000000000000000000000000000000000000000000000000000000",
    })
    void unknownImagesAreNotFound(String ref, String message) {
        for (Action action : List.<Action>of(
                () -> images.resolve(ref, null),
                () -> images.inspect(ref),
                () -> images.history(ref, null),
                () -> images.tag(ref, "x", null),
                () -> images.remove(ref, true, false, List.of()),
                () -> images.list(false, Filters.of("since", ref)))) {
            assertThatThrownBy(action::run).isInstanceOf(NotFound.class).hasMessage(message);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "a:b:c, invalid reference format",
        "' ', invalid reference format",
        "-x, invalid reference format",
        "'', invalid reference format",
        "Bad:1, invalid reference format: repository name (library/Bad) must be lowercase",
        "host:5000/Xx, invalid reference format: repository name (Xx) must be lowercase",
    })
    void malformedReferencesAreInvalid(String ref, String message) {
        String id = make("good");
        for (Action action : List.<Action>of(
                () -> images.resolve(ref, null),
                () -> images.inspect(ref),
                () -> images.tag(id, ref, null),
                () -> make(ref),
                () -> images.remove(ref, true, false, List.of()))) {
            assertThatThrownBy(action::run).isInstanceOf(Invalid.class).hasMessage(message);
        }
    }

    @Test
    void tagsMoveAndDefault() {
        String first = make("one:1", "LABEL n=1");
        String second = make("two:1", "LABEL n=2");
        images.tag(first, "extra", "");
        images.tag("two:1", "extra:ignored", "own");
        assertThat(images.inspect(first).repoTags()).containsExactly("extra:latest", "one:1");
        assertThat(images.inspect(second).repoTags()).containsExactly("extra:own", "two:1");
        images.tag(second, "one:1", null);
        assertThat(images.inspect(first).repoTags()).containsExactly("extra:latest");
        assertThatThrownBy(() -> images.tag(first, "x", "a:b")).hasMessage("invalid tag format");
        assertThatThrownBy(() -> images.tag(first, "x@" + first, null))
                .isInstanceOf(Invalid.class)
                .hasMessage("refusing to create a tag with a digest reference");
        assertThatThrownBy(() -> images.tag(first, "0".repeat(64), null)).isInstanceOf(Invalid.class);
    }

    @Test
    void badImportsAreRefused() {
        assertThatThrownBy(() -> make("x@" + make(null))).hasMessage("cannot import digest reference");
        assertThatThrownBy(() -> make("x", "RUN y")).hasMessage("RUN is not a valid change command");
        assertThatThrownBy(() -> images.importTar(new ImportRequest(
                        new ByteArrayInputStream("no archive at all".repeat(100).getBytes(StandardCharsets.UTF_8)),
                        "x",
                        List.of(),
                        null,
                        null)))
                .isInstanceOf(Invalid.class);
        for (String platform : List.of("windows/amd64", "a/b/c/d", "no such")) {
            assertThatThrownBy(() -> images.importTar(
                            new ImportRequest(new ByteArrayInputStream(EMPTY_ARCHIVE), "x", List.of(), null, platform)))
                    .as(platform)
                    .isInstanceOf(Invalid.class);
        }
        String id = images.importTar(
                new ImportRequest(new ByteArrayInputStream(EMPTY_ARCHIVE), "arm", List.of(), null, "linux/arm64"));
        assertThat(images.inspect(id).architecture()).isEqualTo("arm64");
        assertThat(images.inspect(id).comment()).isEqualTo("Imported from -");
        assertThat(names(Filters.of("reference", "x"))).isEmpty();
    }

    @Test
    void listFiltersAsDockerDoes() {
        make("alpha:1", "LABEL a=1", "LABEL b=x");
        String two = make("beta/app:2", "LABEL a=2");
        images.tag(two, "quay.io/n/beta", "3");
        images.tag(two, "alpha", "7");
        String dangling = make(null, "LABEL d=1");
        assertThat(names(Filters.of("reference", "alpha"))).containsExactlyInAnyOrder("alpha:1", "alpha:7");
        assertThat(names(Filters.of("reference", "alpha:[17]"))).hasSize(2);
        assertThat(names(Filters.of("reference", "al*"))).hasSize(2);
        assertThat(names(Filters.of("reference", "*"))).containsExactlyInAnyOrder("alpha:1", "alpha:7");
        assertThat(names(Filters.of("reference", "*/app"))).containsExactly("beta/app:2");
        assertThat(names(Filters.of("reference", "quay.io/n/*"))).containsExactly("quay.io/n/beta:3");
        assertThat(names(Filters.of("reference", "*/*/beta:3"))).containsExactly("quay.io/n/beta:3");
        assertThat(names(Filters.of("reference", "library/alpha"))).isEmpty();
        assertThat(names(Filters.of("reference", "alpha:1", "beta/*")))
                .containsExactlyInAnyOrder("alpha:1", "beta/app:2");
        assertThatThrownBy(() -> names(Filters.of("reference", "["))).isInstanceOf(Invalid.class);
        assertThat(names(Filters.of("label", "a"))).hasSize(2);
        assertThat(names(Filters.of("label", "a", "b=x"))).containsExactly("alpha:1");
        assertThat(names(Filters.of("label!", "a"))).containsExactly("");
        assertThat(images.list(false, Filters.of("dangling", "true")))
                .extracting(ImageSummary::id)
                .containsExactly(dangling);
        assertThat(names(Filters.of("dangling", "false"))).hasSize(2).doesNotContain("");
        assertThat(names(Filters.NONE)).hasSize(3);
        assertThatThrownBy(() -> names(Filters.of("dangling", "maybe")))
                .hasMessage("invalid filter 'dangling=[maybe]'");
        assertThatThrownBy(() -> names(Filters.of("bogus", "x"))).hasMessage("invalid filter 'bogus'");
        assertThatThrownBy(() -> names(Filters.of("until", "x"))).isInstanceOf(Invalid.class);
        assertThat(names(Filters.of("until", "1h"))).isEmpty();
        assertThat(names(Filters.of("until", Instant.now().plusSeconds(60).toString())))
                .hasSize(3);
    }

    @Test
    void beforeAndSinceCompareTimesOfMaking() {
        make("old", "LABEL n=1");
        make("mid", "LABEL n=2");
        make("new", "LABEL n=3");
        assertThat(names(Filters.of("before", "mid"))).containsExactly("old:latest");
        assertThat(names(Filters.of("since", "mid"))).containsExactly("new:latest");
        assertThat(names(new Filters(Map.of("since", Set.of("old"), "before", Set.of("new")))))
                .containsExactly("mid:latest");
        assertThat(names(Filters.of("before", "new", "mid"))).containsExactly("old:latest");
    }

    @Test
    void removesNameByNameAndTheImageWithTheLast() {
        String id = make("img:1");
        images.tag(id, "other", "2");
        assertThat(images.remove("img:1", false, false, List.of())).containsExactly(DeletedImage.ofReference("img:1"));
        String layer = images.inspect(id).rootFileSystem().layers().getFirst();
        assertThat(images.remove("docker.io/library/other:2", false, false, List.of()))
                .containsExactly(DeletedImage.ofReference("other:2"), DeletedImage.ofId(id), DeletedImage.ofId(layer));
        assertThat(images.count()).isZero();
    }

    @Test
    void removesByIdWithTheOnlyName() {
        String id = make("img:1");
        assertThat(images.remove(shortId(id), false, false, List.of()))
                .startsWith(DeletedImage.ofReference("img:1"), DeletedImage.ofId(id));
        String dangling = make(null);
        assertThat(images.remove(dangling, false, false, List.of())).startsWith(DeletedImage.ofId(dangling));
    }

    @Test
    void refusesToRemoveSeveralNamesById() {
        String id = make("img:1");
        images.tag(id, "other", "2");
        String message = "conflict: unable to delete " + shortId(id)
                + " (must be forced) - image is referenced in multiple repositories";
        assertThatThrownBy(() -> images.remove(id, false, false, List.of()))
                .isInstanceOf(Conflict.class)
                .hasMessage(message);
        assertThatThrownBy(() -> images.remove(shortId(id), false, false, List.of()))
                .hasMessage(message);
        assertThat(images.remove(id, true, false, List.of()))
                .startsWith(
                        DeletedImage.ofReference("img:1"), DeletedImage.ofReference("other:2"), DeletedImage.ofId(id));
    }

    @Test
    void refusesWhatAStoppedContainerUsesUnlessForced() {
        String id = make("img:1");
        images.tag(id, "other", "2");
        use(id, false);
        assertThat(images.remove("other:2", false, false, List.of()))
                .containsExactly(DeletedImage.ofReference("other:2"));
        assertThatThrownBy(() -> images.remove("img:1", false, false, List.of()))
                .isInstanceOf(Conflict.class)
                .hasMessage("conflict: unable to remove repository reference \"img:1\" (must force) - container"
                        + " 8db1868ee7e6 is using its referenced image " + shortId(id));
        assertThatThrownBy(() -> images.remove(id, false, false, List.of()))
                .isInstanceOf(Conflict.class)
                .hasMessage("conflict: unable to delete " + shortId(id)
                        + " (must be forced) - image is being used by stopped container 8db1868ee7e6");
        assertThat(images.remove(id, true, false, List.of())).contains(DeletedImage.ofId(id));
    }

    @Test
    void neverRemovesWhatARunningContainerUses() {
        String id = make("img:1");
        use(id, true);
        String message = "conflict: unable to delete " + shortId(id)
                + " (cannot be forced) - image is being used by running container 8db1868ee7e6";
        for (boolean force : List.of(false, true)) {
            assertThatThrownBy(() -> images.remove(id, force, false, List.of()))
                    .isInstanceOf(Conflict.class)
                    .hasMessage(message);
        }
        // by name the name goes, quietly, and the image stays
        assertThat(images.remove("img:1", true, false, List.of())).containsExactly(DeletedImage.ofReference("img:1"));
        assertThat(images.inspect(id).repoTags()).isEmpty();
        assertThatThrownBy(() -> images.remove(id, true, false, List.of())).hasMessage(message);
    }

    @Test
    void aLeaseOutlivesTheImage() {
        String id = make("img:1");
        try (Lease lease = images.lease(images.resolve("img:1", null).id())) {
            images.remove("img:1", true, false, List.of());
            assertThat(lease.layerTrees().getFirst()).isDirectory();
        }
        assertThatThrownBy(() -> images.lease(digest("sha256:" + "0".repeat(64))))
                .isInstanceOf(NotFound.class);
        assertThat(id).startsWith("sha256:");
    }

    private static Digest digest(String text) {
        try {
            return Digest.parse(text);
        } catch (MalformedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void prunesWhatIsDangling() throws InterruptedException {
        make("kept");
        String dangling = make(null, "LABEL n=1");
        String used = make(null, "LABEL n=2");
        use(used, false);
        AtomicLong reclaimed = new AtomicLong();
        List<String> events = eventsOf(() -> {
            PrunedImages pruned = images.prune(Filters.NONE);
            assertThat(pruned.deleted()).startsWith(DeletedImage.ofId(dangling));
            reclaimed.set(pruned.reclaimed());
        });
        // its layer is another one's, its documents are not
        assertThat(reclaimed.get()).isBetween(2L, 1L << 15);
        assertThat(events)
                .containsExactly(
                        "delete " + dangling + " {name=" + dangling + "}", "prune  {reclaimed=" + reclaimed + "}");
        assertThat(images.list(true, Filters.NONE)).hasSize(2);
    }

    @Test
    void prunesEverythingUnusedWhenAsked() {
        String one = make("one:1", "LABEL keep=no");
        images.tag(one, "one", "2");
        make("two", "LABEL keep=yes");
        String used = make("used:1");
        images.tag(used, "used", "2");
        use(used, false);
        Filters filters = new Filters(Map.of("dangling", Set.of("false"), "label!", Set.of("keep=yes")));
        assertThat(images.prune(filters).deleted())
                .containsExactly(
                        DeletedImage.ofReference("one:1"), DeletedImage.ofReference("one:2"), DeletedImage.ofId(one));
        assertThat(names(Filters.NONE)).containsExactlyInAnyOrder("two:latest", "used:1,used:2");
    }

    @Test
    void pruneJudgesItsFilters() {
        make(null);
        assertThat(images.prune(Filters.of("until", "1h")).deleted()).isEmpty();
        assertThat(images.prune(Filters.of("label", "x")).deleted()).isEmpty();
        assertThatThrownBy(() -> images.prune(Filters.of("until", "1h", "2h")))
                .hasMessage("more than one until filter specified");
        assertThatThrownBy(() -> images.prune(Filters.of("until", "x"))).isInstanceOf(Invalid.class);
        assertThatThrownBy(() -> images.prune(Filters.of("dangling", "x"))).hasMessage("invalid filter 'dangling=[x]'");
        assertThatThrownBy(() -> images.prune(Filters.of("reference", "x"))).hasMessage("invalid filter 'reference'");
        assertThat(images.prune(Filters.of("until", "0s")).deleted()).isNotEmpty();
    }

    @Test
    void tellsOfEverythingAsDockerdDoes() throws InterruptedException {
        List<String> ids = new ArrayList<>();
        assertThat(eventsOf(() -> ids.add(make("img:1", "LABEL a=b"))))
                .containsExactly(
                        "tag " + ids.getFirst() + " {a=b, name=img:1}",
                        "import " + ids.getFirst() + " {a=b, name=" + ids.getFirst() + "}");
        String id = ids.getFirst();
        assertThat(eventsOf(() -> images.tag(id, "quay.io/x/y", null)))
                .containsExactly("tag " + id + " {a=b, name=quay.io/x/y:latest}");
        assertThat(eventsOf(() -> images.remove("img:1", false, false, List.of())))
                .containsExactly("untag " + id + " {a=b, name=" + id + "}");
        assertThat(eventsOf(() -> images.remove(id, false, false, List.of())))
                .containsExactly("untag " + id + " {a=b, name=" + id + "}", "delete " + id + " {name=" + id + "}");
        assertThat(eventsOf(() -> make(null))).hasSize(1).first().asString().startsWith("import ");
    }

    @Test
    void helloWorldIsThereWhenAskedForByName() {
        assertThat(images.count()).isZero();
        assertThatThrownBy(() -> images.remove("hello-world", false, false, List.of()))
                .isInstanceOf(NotFound.class);
        Digest id = images.resolve("hello-world", null).id();
        for (String name : List.of("hello-world:latest", "docker.io/library/hello-world", id.hex())) {
            assertThat(images.resolve(name, null).id()).isEqualTo(id);
        }
        assertThat(images.inspect("hello-world").config().cmd()).containsExactly("/hello");
        assertThat(images.resolve("hello-world", null).layerTrees().getFirst().resolve("hello"))
                .isExecutable();
        images.remove("hello-world", false, false, List.of());
        assertThat(images.count()).isZero();
        assertThat(images.resolve("hello-world", null).id()).isEqualTo(id);
        for (String other : List.of("hello-world:1", "quay.io/library/hello-world", "x/hello-world")) {
            assertThatThrownBy(() -> images.resolve(other, null)).isInstanceOf(NotFound.class);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"hello-world", "hello-world:latest"})
    void anImportedHelloWorldIsNotReplaced(String name) {
        String id = make(name, "CMD mine");
        assertThat(images.resolve("hello-world", null).id().toString()).isEqualTo(id);
    }
}
