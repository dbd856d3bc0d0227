package dev.gantry.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gantry.oci.Digest;
import dev.gantry.oci.ImageReference;
import dev.gantry.oci.Json;
import dev.gantry.oci.MalformedException;
import dev.gantry.oci.Platform;
import dev.gantry.oci.image.Descriptor;
import dev.gantry.oci.image.Execution;
import dev.gantry.oci.image.History;
import dev.gantry.oci.image.ImageConfig;
import dev.gantry.oci.image.Manifest;
import dev.gantry.oci.image.MediaType;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class IngestIT extends StoreFixture {
    /// A layer as a registry has it.
    private record Remote(Path file, Descriptor blob, Digest diffId) {
        InputStream open() throws IOException {
            return Files.newInputStream(file);
        }
    }

    private Remote remote(String text, String compression) throws IOException, InterruptedException {
        String mediaType = switch (compression) {
            case "gzip" -> MediaType.DOCKER_LAYER_GZIP;
            case "zstd" -> MediaType.OCI_LAYER_ZSTD;
            default -> MediaType.OCI_LAYER;
        };
        shell("mkdir -p in && printf '%s' > 'in/%s' && tar -cf l.tar -C in . && %s < l.tar > l-%s && rm -r in"
                .formatted(text, text, compression, text));
        Path file = scratch.resolve("l-" + text);
        byte[] content = Files.readAllBytes(file);
        return new Remote(
                file, Descriptor.of(mediaType, content), Digest.of(Files.readAllBytes(scratch.resolve("l.tar"))));
    }

    private static byte[] config(List<Remote> layers) throws IOException {
        History step = new History(null, "somebody", null, null, false);
        return Json.write(ImageConfig.of(
                Platform.host(),
                new Execution.Builder().cmd(List.of("/x")).build(),
                layers.stream().map(Remote::diffId).toList(),
                layers.stream().map(_ -> step).toList()));
    }

    private static byte[] manifest(byte[] config, List<Remote> layers) throws IOException {
        return Json.write(Manifest.of(
                Descriptor.of(MediaType.OCI_CONFIG, config),
                layers.stream().map(Remote::blob).toList()));
    }

    private static void take(Ingest ingest, Remote layer) throws IOException, InterruptedException {
        ingest.layer(layer.blob, layer.diffId, layer::open);
    }

    private static Image commit(Ingest ingest, List<Remote> layers, ImageReference... names) throws IOException {
        byte[] config = config(layers);
        return ingest.commit(MediaType.OCI_MANIFEST, manifest(config, layers), config, List.of(names));
    }

    @Test
    void takesInAnImageOfEveryCompressionWithItsManifestAsItWas() throws Exception {
        List<Remote> layers = List.of(remote("one", "gzip"), remote("two", "zstd"), remote("three", "cat"));
        byte[] config = config(layers);
        byte[] manifest = manifest(config, layers);
        ImageReference digest = ImageReference.parse("registry.test/thing").withDigest(Digest.of(manifest));
        ImageStore store = ImageStore.open(root);
        try (Ingest ingest = store.ingest()) {
            for (Remote each : layers) {
                take(ingest, each);
            }
            Image _ = ingest.commit(
                    MediaType.OCI_MANIFEST, manifest, config, List.of(name("registry.test/thing:1"), digest));
        }
        Image image = ImageStore.open(root).find("registry.test/thing:1").orElseThrow();
        assertThat(image.id()).isEqualTo(Digest.of(config));
        assertThat(image.manifest().digest()).isEqualTo(Digest.of(manifest));
        assertThat(image.digests()).containsExactly(digest);
        assertThat(image.layerTrees()).hasSize(3);
        assertThat(Files.readString(image.layerTrees().getFirst().resolve("three")))
                .isEqualTo("three");
        assertThat(Files.readAllBytes(blob(layers.getFirst()))).isEqualTo(Files.readAllBytes(layers.getFirst().file));
        assertThat(store.repair().verify()).isEmpty();
        assertThat(store.repair().check().damages()).isEmpty();
        assertThat(store.collectGarbage()).isZero();
    }

    private Path blob(Remote layer) {
        return root.resolve("content/blobs/sha256").resolve(layer.blob.digest().hex());
    }

    @Test
    void keepsWhatHasArrivedUntilItIsClosedAndNoLonger() throws Exception {
        Remote layer = remote("one", "gzip");
        ImageStore store = ImageStore.open(root);
        try (Ingest ingest = store.ingest()) {
            take(ingest, layer);
            assertThat(store.collectGarbage()).isZero();
            assertThat(ingest.hasLayer(layer.blob, layer.diffId)).isTrue();
        }
        assertThat(blob(layer)).doesNotExist();
        assertThat(store.repair().check().damages()).isEmpty();
        assertThat(store.collectGarbage()).isZero();
        assertThat(store.list()).isEmpty();
    }

    // CVE-2026-111361: what is kept is what the digests say, whatever else its source gives
    @Test
    void refusesWhatItsDigestsDoNotSay() throws Exception {
        Remote one = remote("one", "gzip");
        Remote two = remote("two", "gzip");
        ImageStore store = ImageStore.open(root);
        try (Ingest ingest = store.ingest()) {
            assertThatThrownBy(() -> ingest.layer(one.blob, one.diffId, two::open))
                    .isInstanceOf(MalformedException.class)
                    .hasMessageContaining("blob " + one.blob.digest());
            assertThatThrownBy(() -> ingest.layer(one.blob, two.diffId, one::open))
                    .isInstanceOf(MalformedException.class)
                    .hasMessageContaining("layer " + two.diffId);
            assertThat(ingest.hasLayer(one.blob, one.diffId)).isFalse();
            assertThat(ingest.hasLayer(one.blob, two.diffId)).isFalse();
        }
        assertThat(store.repair().check().damages()).isEmpty();
    }

    // CVE-2026-111361: every algorithm that a digest may name is computed
    @Test
    void verifiesWithTheAlgorithmOfTheDigest() throws Exception {
        Remote layer = remote("one", "gzip");
        Digest blob = sha512(Files.readAllBytes(layer.file));
        Digest diffId = sha512(Files.readAllBytes(scratch.resolve("l.tar")));
        Descriptor descriptor = Descriptor.of(layer.blob.mediaType(), blob, layer.blob.size());
        Remote strong = new Remote(layer.file, descriptor, diffId);
        ImageStore store = ImageStore.open(root);
        try (Ingest ingest = store.ingest()) {
            Digest wrong = sha512(new byte[1]);
            assertThatThrownBy(() -> ingest.layer(descriptor, wrong, strong::open))
                    .hasMessageContaining("layer " + wrong + ": got content with digest " + diffId);
            assertThatThrownBy(
                            () -> ingest.layer(Descriptor.of(descriptor.mediaType(), wrong, 1), diffId, strong::open))
                    .hasMessageContaining("blob " + wrong + ": got content with digest " + blob);
            take(ingest, strong);
            Image image = commit(ingest, List.of(strong), name("strong"));
            assertThat(Files.readString(image.layerTrees().getFirst().resolve("one")))
                    .isEqualTo("one");
        }
        assertThat(store.repair().verify()).isEmpty();
        assertThat(store.repair().check().damages()).isEmpty();
    }

    private static Digest sha512(byte[] content) {
        var computation = Digest.Algorithm.SHA512.newMessageDigest();
        computation.update(content);
        return Digest.Algorithm.SHA512.finish(computation);
    }

    // CVE-2021-41190: documents that can be read as two things
    @Test
    void refusesDocumentsThatCanBeReadAsTwoThings() throws Exception {
        Remote layer = remote("one", "gzip");
        byte[] config = config(List.of(layer));
        String manifest = new String(manifest(config, List.of(layer)), StandardCharsets.UTF_8);
        ImageStore store = ImageStore.open(root);
        try (Ingest ingest = store.ingest()) {
            take(ingest, layer);
            for (String ambiguous : List.of(
                    manifest.replaceFirst("}$", ",\"manifests\":[]}"),
                    manifest.replaceFirst("^\\{", "{\"layers\":[],"),
                    manifest.replace(MediaType.OCI_MANIFEST, MediaType.OCI_INDEX),
                    manifest.replace(MediaType.OCI_MANIFEST, MediaType.DOCKER_MANIFEST))) {
                byte[] document = ambiguous.getBytes(StandardCharsets.UTF_8);
                assertThatThrownBy(() -> ingest.commit(MediaType.OCI_MANIFEST, document, config, List.of()))
                        .as(ambiguous)
                        .isInstanceOf(MalformedException.class);
            }
        }
        assertThat(store.list()).isEmpty();
    }

    /// Foreign layers and others, which no registry can make this engine fetch from elsewhere.
    @Test
    void refusesLayersThatItCannotUnpack() throws Exception {
        Remote layer = remote("one", "gzip");
        Descriptor foreign = Descriptor.of(
                "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip", layer.blob.digest(), layer.blob.size());
        try (Ingest ingest = ImageStore.open(root).ingest()) {
            assertThatThrownBy(() -> ingest.layer(foreign, layer.diffId, () -> {
                        throw new IOException("opened");
                    }))
                    .isInstanceOf(MalformedException.class)
                    .hasMessageContaining("foreign");
        }
    }

    @Test
    void refusesDocumentsThatDoNotBelongTogether() throws Exception {
        Remote one = remote("one", "gzip");
        Remote two = remote("two", "gzip");
        byte[] config = config(List.of(one));
        ImageStore store = ImageStore.open(root);
        try (Ingest ingest = store.ingest()) {
            take(ingest, one);
            assertThatThrownBy(() -> ingest.commit(
                            MediaType.OCI_MANIFEST, manifest(config, List.of(one, two)), config, List.of()))
                    .hasMessageContaining("2 layers for a configuration with 1");
            assertThatThrownBy(() -> ingest.commit(
                            MediaType.OCI_MANIFEST, manifest(config(List.of(two)), List.of(one)), config, List.of()))
                    .hasMessageContaining("configuration");
            assertThatThrownBy(() -> commit(ingest, List.of(two))).hasMessageContaining("not unpacked");
        }
        assertThat(store.list()).isEmpty();
    }

    @Test
    void readsALayerOnceForAllWhoTakeItInAtTheSameTime() throws Exception {
        Remote layer = remote("one", "gzip");
        ImageStore store = ImageStore.open(root);
        AtomicInteger opened = new AtomicInteger();
        CountDownLatch all = new CountDownLatch(8);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Image>> images = IntStream.range(0, 8)
                    .mapToObj(i -> threads.submit(() -> {
                        all.countDown();
                        all.await();
                        try (Ingest ingest = store.ingest()) {
                            ingest.layer(layer.blob, layer.diffId, () -> {
                                opened.incrementAndGet();
                                return layer.open();
                            });
                            return commit(ingest, List.of(layer), name("thing:" + i));
                        }
                    }))
                    .toList();
            for (Future<Image> each : images) {
                assertThat(each.get().id()).isEqualTo(images.getFirst().get().id());
            }
        }
        assertThat(opened).hasValue(1);
        assertThat(store.list())
                .singleElement()
                .satisfies(image -> assertThat(image.tags()).hasSize(8));
        assertThat(store.repair().check().damages()).isEmpty();
    }

    @Test
    void goesOnWhereAnotherHasFailed() throws Exception {
        Remote layer = remote("one", "gzip");
        ImageStore store = ImageStore.open(root);
        List<String> order = new ArrayList<>();
        try (Ingest first = store.ingest();
                Ingest second = store.ingest()) {
            assertThatThrownBy(() -> first.layer(layer.blob, layer.diffId, () -> {
                        order.add("first");
                        throw new IOException("cut");
                    }))
                    .hasMessage("cut");
            take(second, layer);
            assertThat(first.hasLayer(layer.blob, layer.diffId)).isTrue();
        }
        assertThat(order).containsExactly("first");
    }
}
