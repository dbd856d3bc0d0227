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
import dev.gantry.oci.image.Index;
import dev.gantry.oci.image.Manifest;
import dev.gantry.oci.image.MediaType;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/// Names that lead to an index, and images with several manifests.
class PlatformsIT extends StoreFixture {
    private static final Platform HOST = Platform.host();
    private static final Platform OTHER = Platform.of("linux", "s390x", null);
    private static final Platform THIRD = Platform.of("linux", "ppc64le", null);

    /// An image as a registry has it, of one layer.
    private record Remote(Platform platform, List<Byte> layer, List<Byte> config, List<Byte> manifest) {
        Descriptor descriptor() {
            return Descriptor.of(MediaType.OCI_MANIFEST, bytes(manifest)).withPlatform(platform);
        }

        Digest id() {
            return Digest.of(bytes(config));
        }
    }

    private static List<Byte> boxed(byte[] bytes) {
        List<Byte> list = new ArrayList<>();
        for (byte each : bytes) {
            list.add(each);
        }
        return list;
    }

    private static byte[] bytes(List<Byte> list) {
        byte[] bytes = new byte[list.size()];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = list.get(i);
        }
        return bytes;
    }

    private Remote remote(Platform platform, String compressor) throws IOException, InterruptedException {
        shell("mkdir in && printf '%s' > in/f && tar --mtime=@0 -cf l.tar -C in . && rm -r in && %s < l.tar > l"
                .formatted(platform.architecture(), compressor));
        byte[] layer = Files.readAllBytes(scratch.resolve("l"));
        Digest diffId = Digest.of(Files.readAllBytes(scratch.resolve("l.tar")));
        byte[] config = Json.write(ImageConfig.of(
                platform,
                new Execution.Builder().cmd(List.of("/x")).build(),
                List.of(diffId),
                List.of(new History(null, "somebody", null, null, false))));
        byte[] manifest = Json.write(Manifest.of(
                Descriptor.of(MediaType.OCI_CONFIG, config), List.of(Descriptor.of(MediaType.OCI_LAYER_GZIP, layer))));
        return new Remote(platform, boxed(layer), boxed(config), boxed(manifest));
    }

    private static byte[] index(Remote... images) {
        List<Descriptor> manifests = new ArrayList<>();
        for (Remote each : images) {
            manifests.add(each.descriptor());
        }
        Descriptor attestation = Descriptor.of(MediaType.OCI_MANIFEST, new byte[] {1})
                .withPlatform(Platform.of("unknown", "unknown", null));
        manifests.add(attestation);
        return Json.write(Index.of(manifests));
    }

    private static Image take(ImageStore store, byte[] index, Remote image, String... names) throws Exception {
        try (Ingest ingest = store.ingest()) {
            receive(ingest, image);
            return ingest.commit(
                    ingest.index(MediaType.OCI_INDEX, index),
                    MediaType.OCI_MANIFEST,
                    bytes(image.manifest),
                    bytes(image.config),
                    names(names));
        }
    }

    private static Image take(ImageStore store, Remote image, String... names) throws Exception {
        try (Ingest ingest = store.ingest()) {
            receive(ingest, image);
            return ingest.commit(MediaType.OCI_MANIFEST, bytes(image.manifest), bytes(image.config), names(names));
        }
    }

    private static void receive(Ingest ingest, Remote image) throws Exception {
        byte[] layer = bytes(image.layer);
        Digest diffId =
                ImageConfig.parse(bytes(image.config)).rootfs().diffIds().getFirst();
        ingest.layer(Descriptor.of(MediaType.OCI_LAYER_GZIP, layer), diffId, () -> new ByteArrayInputStream(layer));
    }

    private static List<ImageReference> names(String... texts) throws MalformedException {
        List<ImageReference> names = new ArrayList<>();
        for (String each : texts) {
            names.add(name(each));
        }
        return names;
    }

    private Path file(Digest blob) {
        return root.resolve("content/blobs/sha256").resolve(blob.hex());
    }

    @Test
    void aNameMeansThePlatformThatCameLastAndKeepsTheOthers() throws Exception {
        ImageStore store = ImageStore.open(root);
        Remote host = remote(HOST, "gzip");
        Remote other = remote(OTHER, "gzip");
        byte[] index = index(host, other, remote(THIRD, "gzip"));
        assertThat(take(store, index, host, "thing").id()).isEqualTo(host.id());
        take(store, index, other, "thing");
        for (ImageStore each : List.of(store, ImageStore.open(root))) {
            Image image = each.find("thing").orElseThrow();
            assertThat(image.id()).isEqualTo(other.id());
            assertThat(image.target().digest()).isEqualTo(Digest.of(index));
            assertThat(each.platforms(image)).extracting(Image::id).containsExactly(host.id(), other.id());
            Image held = each.find(host.id().hex()).orElseThrow();
            assertThat(held.isDangling()).isFalse();
            assertThat(held.isOtherPlatform()).isTrue();
            assertThat(held.index()).isNull();
            assertThat(image.index().images()).hasSize(3);
            assertThat(each.collectGarbage()).isZero();
            assertThat(each.repair().check().damages()).isEmpty();
            assertThat(each.repair().verify()).isEmpty();
        }
        take(store, index, host, "thing");
        assertThat(store.find("thing")).map(Image::id).contains(host.id());
        assertThat(store.find(other.id().hex())).map(Image::isOtherPlatform).contains(true);
    }

    @Test
    void otherToolsReadAnIndexInPlace() throws Exception {
        ImageStore store = ImageStore.open(root);
        Remote host = remote(HOST, "gzip");
        Remote other = remote(OTHER, "gzip");
        byte[] index = index(host, other);
        take(store, index, host, "thing");
        take(store, index, other, "thing");
        String layout = "oci:" + root.resolve("content") + ":docker.io/library/thing:latest";
        assertThat(shell("skopeo inspect --raw " + layout))
                .isEqualTo(new String(index, java.nio.charset.StandardCharsets.UTF_8));
        assertThat(shell("skopeo inspect --override-arch s390x --format '{{.Architecture}}' " + layout))
                .isEqualTo("s390x\n");
        shell("skopeo copy --override-arch s390x %s dir:copy && test -s copy/manifest.json".formatted(layout));
    }

    @Test
    void aTagOfAnIndexLeadsToItAndThatOfAnIdToTheImage() throws Exception {
        ImageStore store = ImageStore.open(root);
        Remote host = remote(HOST, "gzip");
        byte[] index = index(host);
        take(store, index, host, "thing");
        store.tag(store.find("thing").orElseThrow(), name("second"));
        store.tag(store.find(host.id().hex()).orElseThrow(), name("third"));
        store.untag(name("thing"));
        assertThat(store.find("second").orElseThrow().target().digest()).isEqualTo(Digest.of(index));
        assertThat(store.find("third").orElseThrow().target())
                .isEqualTo(host.descriptor().withPlatform(null));
        assertThat(store.list())
                .singleElement()
                .satisfies(image -> assertThat(image.tags()).hasSize(2));
    }

    @Test
    void aNameLosesAPlatformAndGoesWithItsLast() throws Exception {
        ImageStore store = ImageStore.open(root);
        Remote host = remote(HOST, "gzip");
        Remote other = remote(OTHER, "gzip");
        byte[] index = index(host, other);
        take(store, index, host, "thing");
        take(store, index, other, "thing");
        assertThat(store.remove(other.id())).hasSize(1);
        assertThat(store.find("thing")).map(Image::id).contains(host.id());
        assertThat(ImageStore.open(root).find("thing")).map(Image::id).contains(host.id());
        store.remove(host.id());
        assertThat(store.find("thing")).isEmpty();
        assertThat(store.repair().check()).isEqualTo(new StoreReport(List.of(), 0, 0, 0));
    }

    /// A registry's image that comes again with other compression is another manifest: its name must lead to that.
    @Test
    void anImageHasTheManifestOfEachName() throws Exception {
        ImageStore store = ImageStore.open(root);
        Remote first = remote(HOST, "gzip");
        Remote second = remote(HOST, "gzip -1n");
        assertThat(second.id()).isEqualTo(first.id());
        take(store, first, "one", "host.test/a@" + first.descriptor().digest());
        take(store, second, "two", "host.test/b@" + second.descriptor().digest());
        for (ImageStore each : List.of(store, ImageStore.open(root))) {
            assertThat(each.find("one").orElseThrow().manifest().digest())
                    .isEqualTo(first.descriptor().digest());
            assertThat(each.find("two").orElseThrow().manifest().digest())
                    .isEqualTo(second.descriptor().digest());
            assertThat(each.list())
                    .singleElement()
                    .satisfies(image -> assertThat(image.references()).hasSize(4));
            assertThat(each.collectGarbage()).isZero();
            assertThat(each.repair().verify()).isEmpty();
        }
        for (String name : List.of("one", "two")) {
            Image image = store.find(name).orElseThrow();
            try (Outgoing outgoing = store.send(image)) {
                assertThat(outgoing.manifest(List.of(outgoing.layer(0))).descriptor())
                        .as(name)
                        .isEqualTo(image.manifest());
            }
        }
        Digest blob = Digest.of(bytes(second.layer));
        assertThat(file(blob)).exists();
        store.untag(name("two"));
        store.untag(name("host.test/b@" + second.descriptor().digest()));
        store.collectGarbage();
        assertThat(file(blob)).doesNotExist();
        assertThat(file(second.descriptor().digest())).doesNotExist();
        assertThat(store.find("one")).isPresent();
        assertThat(store.repair().check().damages()).isEmpty();
    }

    @Test
    void aLostIndexIsFoundAndANewOneTakesItsPlace() throws Exception {
        Remote host = remote(HOST, "gzip");
        byte[] index = index(host);
        ImageStore store = ImageStore.open(root);
        take(store, index, host, "thing");
        Files.delete(file(Digest.of(index)));
        assertThat(store.repair().check().damages())
                .containsExactly(
                        new StoreDamage.BrokenBlob(Digest.of(index), host.id(), "the index is missing or damaged"));
        assertThat(store.repair().verify())
                .containsExactly(new StoreDamage.BrokenBlob(Digest.of(index), host.id(), "is missing"));
        ImageStore again = ImageStore.open(root);
        assertThat(again.find("thing")).isEmpty();
        assertThat(again.find(host.id().hex())).isPresent();
        assertThat(again.repair().check().damages())
                .singleElement()
                .isInstanceOfSatisfying(
                        StoreDamage.UnreadableImage.class,
                        damage -> assertThat(damage.manifest()).isEqualTo(Digest.of(index)));
        take(again, index, host, "thing");
        assertThat(again.repair().check().damages()).isEmpty();
        assertThat(ImageStore.open(root).find("thing")).map(Image::id).contains(host.id());
    }

    @Test
    void aPlatformThatIsNotWholeComesBackWithItsNames() throws Exception {
        Remote host = remote(HOST, "gzip");
        Remote other = remote(OTHER, "gzip");
        byte[] index = index(host, other);
        ImageStore first = ImageStore.open(root);
        take(first, index, host, "thing");
        Image lost = take(first, index, other, "thing");
        Digest diffId = lost.layers().getFirst().diffId();
        Tools.deleteTree(root.resolve("layers").resolve(diffId.hex()));
        ImageStore store = ImageStore.open(root);
        assertThat(store.find("thing")).map(Image::id).contains(host.id());
        store.collectGarbage();
        store.repair().restore(diffId);
        for (StoreDamage each : store.repair().check().damages()) {
            store.repair().readAgain((StoreDamage.UnreadableImage) each);
        }
        assertThat(store.repair().check().damages()).isEmpty();
        assertThat(store.platforms(store.find("thing").orElseThrow())).hasSize(2);
    }

    @Test
    void refusesAnIndexThatDoesNotHaveTheImage() throws Exception {
        ImageStore store = ImageStore.open(root);
        Remote host = remote(HOST, "gzip");
        byte[] index = index(remote(OTHER, "gzip"));
        assertThatThrownBy(() -> take(store, index, host, "thing"))
                .isInstanceOf(MalformedException.class)
                .hasMessageContaining("has no manifest");
        try (Ingest ingest = store.ingest()) {
            assertThatThrownBy(() -> ingest.index(MediaType.OCI_MANIFEST, bytes(host.manifest)))
                    .isInstanceOf(MalformedException.class);
        }
        store.collectGarbage();
        assertThat(store.repair().check()).isEqualTo(new StoreReport(List.of(), 0, 0, 0));
    }

    @Test
    void contentStaysWhileItIsRead() throws Exception {
        ImageStore store = ImageStore.open(root);
        Remote host = remote(HOST, "gzip");
        byte[] index = index(host);
        Image image = take(store, index, host, "thing");
        try (ContentLease content = store.leaseContent(List.of(image))) {
            store.remove(image.id());
            store.collectGarbage();
            assertThat(content.document(Digest.of(index))).isEqualTo(index);
            assertThat(content.document(image.manifest().digest())).isEqualTo(bytes(host.manifest));
            assertThat(content.open(Digest.of(bytes(host.layer))).readAllBytes())
                    .isEqualTo(bytes(host.layer));
        }
        store.collectGarbage();
        assertThat(store.repair().check()).isEqualTo(new StoreReport(List.of(), 0, 0, 0));
    }

    /// A name that came along is none that was given here, and one that was given stays known.
    @Test
    void aTagHasATimeThatOutlivesWhatComesLater() throws Exception {
        ImageStore store = ImageStore.open(root);
        Image pulled = take(store, remote(HOST, "gzip -1"), "thing:1");
        assertThat(pulled.tagged()).isNull();
        Instant before = Instant.now();
        store.tag(pulled, name("thing:2"));
        Instant tagged =
                Objects.requireNonNull(store.find("thing:2").orElseThrow().tagged());
        assertThat(tagged).isBetween(before, Instant.now());

        Image again = take(store, remote(HOST, "gzip -9 -n"), "thing:3");
        assertThat(again.id()).isEqualTo(pulled.id());
        assertThat(again.manifest()).isNotEqualTo(pulled.manifest());
        assertThat(again.tagged()).isEqualTo(tagged);
        assertThat(ImageStore.open(root).find("thing:3").orElseThrow().tagged()).isEqualTo(tagged);
        assertThat(ImageStore.open(root).list())
                .singleElement()
                .satisfies(image -> assertThat(image.tagged()).isEqualTo(tagged));
    }
}
