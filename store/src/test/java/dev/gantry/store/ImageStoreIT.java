package dev.gantry.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gantry.oci.Digest;
import dev.gantry.oci.MalformedException;
import dev.gantry.oci.Platform;
import dev.gantry.oci.image.Execution;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

class ImageStoreIT extends StoreFixture {
    private static final Execution HELLO =
            new Execution.Builder().cmd(List.of("/hello")).build();

    private void archive(String file, String content) throws IOException, InterruptedException {
        shell("mkdir -p in && printf '%s' > in/f && tar -cf %s -C in . && rm -r in".formatted(content, file));
    }

    private List<String> names(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> String.valueOf(file.getFileName()))
                    .sorted()
                    .toList();
        }
    }

    @Test
    void importsAnImageThatLaterProcessesSee() throws IOException, InterruptedException {
        archive("a.tar", "one");
        Image image = importFile(ImageStore.open(root), "a.tar", "thing:1", "CMD [\"/f\"]", "ENV A=b");
        ImageStore again = ImageStore.open(root);
        assertThat(again.find("thing:1")).contains(image);
        assertThat(again.list()).containsExactly(image);
        assertThat(image.config().config().cmd()).containsExactly("/f");
        assertThat(image.config().history()).hasSize(1);
        assertThat(image.config().history().getFirst().comment()).isEqualTo("from a test");
        assertThat(image.tags()).containsExactly(name("thing:1"));
        assertThat(image.size()).isEqualTo(3);
        assertThat(Files.readString(image.layerTrees().getFirst().resolve("f"))).isEqualTo("one");
        assertThat(image.id())
                .isEqualTo(Digest.of(Files.readAllBytes(
                        root.resolve("content/blobs/sha256/" + image.id().hex()))));
        assertThat(names(root.resolve("tmp"))).isEmpty();
    }

    @Test
    void namesTheIndexThatItCannotRead() throws IOException {
        ImageStore _ = ImageStore.open(root);
        for (String damage : List.of("", "{}", "null")) {
            Path index = Files.writeString(root.resolve("content/index.json"), damage);
            assertThatThrownBy(() -> ImageStore.open(root))
                    .isInstanceOf(MalformedException.class)
                    .hasMessageStartingWith(index.toString());
        }
    }

    @Test
    void findsByNameIdAndStartOfId() throws IOException, InterruptedException {
        archive("a.tar", "one");
        ImageStore store = ImageStore.open(root);
        Image image = importFile(store, "a.tar", "thing");
        for (String text : List.of(
                "thing",
                "thing:latest",
                "docker.io/library/thing",
                image.id().toString(),
                image.id().hex(),
                image.id().shortHex(),
                "sha256:" + image.id().shortHex())) {
            assertThat(store.find(text)).as(text).contains(image);
        }
        assertThat(store.find("other")).isEmpty();
        assertThat(store.find("0".repeat(64))).isEmpty();
        assertThatThrownBy(() -> store.find("Not Valid")).isInstanceOf(MalformedException.class);
    }

    @Test
    void refusesAStartThatFitsSeveralImages() throws IOException {
        ImageStore store = ImageStore.open(root);
        for (int i = 0; i < 17; i++) { // more images than first digits
            store.importTar(
                    new ByteArrayInputStream(new byte[0]),
                    new ImportOptions(null, List.of("LABEL n=" + i), "", Platform.host()));
        }
        Map<String, Long> starts = store.list().stream()
                .collect(Collectors.groupingBy(image -> image.id().hex().substring(0, 1), Collectors.counting()));
        String shared = starts.entrySet().stream()
                .filter(start -> start.getValue() > 1)
                .findFirst()
                .orElseThrow()
                .getKey();
        assertThatThrownBy(() -> store.find(shared)).isInstanceOf(AmbiguousImageException.class);
    }

    @Test
    void movesNamesAndKeepsDanglingImages() throws IOException, InterruptedException {
        archive("a.tar", "one");
        archive("b.tar", "two");
        ImageStore store = ImageStore.open(root);
        Image first = importFile(store, "a.tar", "thing");
        Image second = importFile(store, "b.tar", "thing");
        assertThat(store.find("thing")).contains(second);
        assertThat(store.find(first.id().hex()))
                .hasValueSatisfying(image -> assertThat(image.isDangling()).isTrue());
        store.tag(first, name("other:x"));
        assertThat(store.untag(name("thing"))).isTrue();
        assertThat(store.untag(name("thing"))).isFalse();
        ImageStore again = ImageStore.open(root);
        assertThat(again.find("other:x")).map(Image::id).contains(first.id());
        assertThat(again.find("thing")).isEmpty();
        assertThat(again.list()).hasSize(2);
        store.remove(second.id());
        assertThatThrownBy(() -> store.tag(second, name("x"))).isInstanceOf(NoSuchElementException.class);
    }

    @Test
    void sharesLayersAndFreesThemWithTheLastImage() throws IOException, InterruptedException {
        archive("a.tar", "one");
        ImageStore store = ImageStore.open(root);
        Image first = importFile(store, "a.tar", "first", "LABEL a=1");
        Image second = importFile(store, "a.tar", "second", "LABEL a=2");
        assertThat(first.layers()).isEqualTo(second.layers());
        assertThat(store.remove(first.id())).isEmpty();
        assertThat(store.repair().verify()).isEmpty();
        assertThat(store.remove(second.id()))
                .containsExactly(second.layers().getFirst().diffId());
        assertThat(names(root.resolve("layers"))).isEmpty();
        assertThat(names(root.resolve("content/blobs/sha256"))).isEmpty();
        assertThat(store.remove(second.id())).isEmpty();
    }

    @Test
    void aLeaseKeepsTheLayersOfARemovedImage() throws IOException, InterruptedException {
        archive("a.tar", "one");
        ImageStore store = ImageStore.open(root);
        Image image = importFile(store, "a.tar", "thing");
        Lease lease = store.lease(image.id());
        assertThat(store.remove(image.id())).isEmpty();
        assertThat(lease.layerTrees().getFirst().resolve("f")).exists();

        // a restart: the container's owner takes the lease again before it collects
        ImageStore again = ImageStore.open(root);
        Lease renewed = again.lease(image.id());
        again.collectGarbage();
        assertThat(renewed.layerTrees().getFirst().resolve("f")).exists();
        renewed.close();
        assertThat(again.collectGarbage()).isZero();
        assertThat(names(root.resolve("layers"))).isEmpty();
        assertThatThrownBy(() -> again.lease(image.id())).isInstanceOf(NoSuchElementException.class);
        lease.close();
    }

    @Test
    void addsABuiltInImageOnceAndWithTheSameId() throws IOException {
        Map<String, byte[]> files = Map.of("hello", "#!".getBytes(StandardCharsets.UTF_8));
        ImageStore store = ImageStore.open(root);
        Image first = store.addBuiltIn(name("hello-world"), HELLO, files);
        assertThat(store.addBuiltIn(name("hello-world"), HELLO, files)).isEqualTo(first);
        store.remove(first.id());
        assertThat(store.addBuiltIn(name("hello-world"), HELLO, files).id()).isEqualTo(first.id());
        assertThat(first.layerTrees().getFirst().resolve("hello")).isExecutable();
    }

    @Test
    void canBeReadInPlaceBySkopeo() throws IOException, InterruptedException {
        Assumptions.assumeTrue(Tools.has("skopeo"), "skopeo is not installed");
        archive("a.tar", "one");
        shell("gzip -k a.tar");
        ImageStore store = ImageStore.open(root);
        importFile(store, "a.tar", "thing:1", "ENV SEEN=yes");
        importFile(store, "a.tar.gz", "zipped");
        assertThat(shell("skopeo inspect oci:store/content:docker.io/library/thing:1"))
                .contains("SEEN=yes");
        shell("skopeo copy -q oci:store/content:docker.io/library/zipped:latest dir:copied");
    }

    @Test
    void ignoresUnfinishedWorkOfAnEarlierProcess() throws IOException, InterruptedException {
        archive("a.tar", "one");
        Image image = importFile(ImageStore.open(root), "a.tar", "thing");
        shell("mkdir -p store/tmp/x/layer/fs/d; ln -s / store/tmp/x/layer/fs/l; echo torn > store/tmp/y");
        ImageStore store = ImageStore.open(root);
        assertThat(store.list()).containsExactly(image);
        assertThat(names(root.resolve("tmp"))).isEmpty();
    }

    @Test
    void leavesOutAnImageWhoseContentIsNotWhole() throws IOException, InterruptedException {
        archive("a.tar", "one");
        archive("b.tar", "two");
        ImageStore store = ImageStore.open(root);
        Image broken = importFile(store, "a.tar", "broken");
        Image whole = importFile(store, "b.tar", "whole");
        Files.writeString(root.resolve("content/blobs/sha256/" + broken.id().hex()), "{}");
        assertThat(ImageStore.open(root).list()).containsExactly(whole);
    }

    @Test
    void aFailedImportLeavesNothing() throws IOException, InterruptedException {
        archive("a.tar", "one");
        byte[] torn = Files.readAllBytes(scratch.resolve("a.tar"));
        ImageStore store = ImageStore.open(root);
        for (int length : new int[] {300, 700, 1800}) {
            assertThatThrownBy(() -> store.importTar(
                            new ByteArrayInputStream(torn, 0, length),
                            new ImportOptions(name("torn"), List.of(), "", Platform.host())))
                    .isInstanceOf(IOException.class);
        }
        assertThatThrownBy(() -> importFile(store, "a.tar", "thing", "RUN x"))
                .hasMessage("RUN is not a valid change command");
        assertThat(store.list()).isEmpty();
        assertThat(names(root.resolve("tmp"))).isEmpty();
        assertThat(names(root.resolve("layers"))).isEmpty();
    }

    @Test
    void verifyFindsADamagedBlobAndAChangedTree() throws IOException, InterruptedException {
        archive("a.tar", "one");
        ImageStore store = ImageStore.open(root);
        Image image = importFile(store, "a.tar", "thing");
        assertThat(store.repair().verify()).isEmpty();
        Digest diffId = image.layers().getFirst().diffId();
        shell("echo x >> %s/f".formatted(image.layerTrees().getFirst()));
        assertThat(store.repair().verify())
                .singleElement()
                .isInstanceOfSatisfying(
                        StoreDamage.BrokenLayer.class,
                        layer -> assertThat(layer.diffId()).isEqualTo(diffId));
        assertThat(names(root.resolve("tmp"))).isEmpty();

        shell("truncate -s -1 store/content/blobs/sha256/%s".formatted(diffId.hex()));
        assertThat(store.repair().verify())
                .singleElement()
                .isInstanceOfSatisfying(
                        StoreDamage.BrokenBlob.class,
                        blob -> assertThat(blob.digest()).isEqualTo(diffId));
    }

    // CVE-2024-25621, CVE-2021-41091: nobody but root looks into the store
    @Test
    void keepsDirectoriesPrivate() throws IOException, InterruptedException {
        archive("a.tar", "one");
        importFile(ImageStore.open(root), "a.tar", "thing");
        assertThat(shell("stat -c %a store store/content store/content/blobs store/layers store/tmp store/layers/*"))
                .isEqualToIgnoringNewLines("710700700700700700");
    }

    @Test
    void importsAndRemovesInParallel() throws Exception {
        archive("a.tar", "one");
        ImageStore store = ImageStore.open(root);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<Boolean>> tasks = IntStream.range(0, 24)
                    .<Callable<Boolean>>mapToObj(i -> () -> {
                        Image image = importFile(store, "a.tar", "thing" + i, "LABEL n=" + i);
                        try (Lease lease = store.lease(image.id())) {
                            store.collectGarbage();
                            boolean there =
                                    Files.exists(lease.layerTrees().getFirst().resolve("f"));
                            store.remove(image.id());
                            return there
                                    && Files.exists(
                                            lease.layerTrees().getFirst().resolve("f"));
                        }
                    })
                    .toList();
            for (Future<Boolean> done : threads.invokeAll(tasks)) {
                assertThat(done.get()).isTrue();
            }
        }
        store.collectGarbage();
        assertThat(store.list()).isEmpty();
        assertThat(names(root.resolve("layers"))).isEmpty();
    }
}
