package dev.gantry.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gantry.oci.Digest;
import dev.gantry.oci.ImageReference;
import dev.gantry.oci.MalformedException;
import dev.gantry.oci.image.Descriptor;
import dev.gantry.oci.image.MediaType;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class OutgoingIT extends StoreFixture {
    private ImageStore store;

    @BeforeEach
    void makeAnArchive() throws Exception {
        store = ImageStore.open(root);
        String _ = shell("mkdir in && seq 100000 > in/numbers && tar -cf plain.tar -C in .");
    }

    private Path blob(Digest digest) {
        return root.resolve("content/blobs/sha256").resolve(digest.hex());
    }

    /// What a push does, but for the registry.
    private Outgoing.Document sent(Image image) throws IOException {
        try (Outgoing outgoing = store.send(image)) {
            return outgoing.manifest(List.of(outgoing.layer(0)));
        }
    }

    @Test
    void compressesAPlainLayerOnceAndForgetsThePlainOne() throws Exception {
        Image image = importFile(store, "plain.tar", "thing:1");
        Digest plain = image.layers().getFirst().diffId();
        Outgoing.Document first = sent(image);
        Image after = store.find("thing:1").orElseThrow();
        assertThat(after.id()).isEqualTo(image.id());
        assertThat(after.manifest()).isEqualTo(first.descriptor());
        assertThat(blob(plain)).doesNotExist();
        assertThat(blob(image.manifest().digest())).doesNotExist();
        assertThat(Files.readAllBytes(blob(first.descriptor().digest()))).isEqualTo(first.content());
        try (Outgoing again = store.send(image)) {
            Descriptor layer = again.layer(0);
            assertThat(layer.mediaType()).isEqualTo(MediaType.OCI_LAYER_GZIP);
            try (InputStream content = new GZIPInputStream(again.open(layer))) {
                assertThat(Digest.of(content.readAllBytes())).isEqualTo(plain);
            }
            assertThat(again.manifest(List.of(layer)).content()).isEqualTo(first.content());
        }
        assertThat(ImageStore.open(root).find("thing:1").orElseThrow().manifest())
                .isEqualTo(first.descriptor());
        assertThat(store.repair().verify()).isEmpty();
        assertThat(store.repair().check().damages()).isEmpty();
    }

    @Test
    void takesTheLayerThatAnotherImageHasCompressed() throws Exception {
        Image one = importFile(store, "plain.tar", "one");
        Image two = importFile(store, "plain.tar", "two", "CMD [\"x\"]");
        Descriptor first = Descriptor.of(MediaType.OCI_MANIFEST, sent(one).content());
        assertThat(blob(one.layers().getFirst().diffId())).exists();
        // what cannot be read any more is not read
        Files.write(blob(one.layers().getFirst().diffId()), new byte[1], StandardOpenOption.APPEND);
        Descriptor second = sent(two).descriptor();
        assertThat(second).isNotEqualTo(first);
        assertThat(blob(one.layers().getFirst().diffId())).doesNotExist();
    }

    @Test
    void looksAtImagesThatHaveNothingInCommonWithIt() throws Exception {
        String _ = shell("mkdir other && seq 10 > other/few && tar -cf other.tar -C other .");
        Image other = importFile(store, "other.tar", "other");
        Image image = importFile(store, "plain.tar", "thing");
        assertThat(sent(image).descriptor()).isNotEqualTo(image.manifest());
        assertThat(store.find("other").orElseThrow().manifest()).isEqualTo(other.manifest());
    }

    @Test
    void makesGzipOfWhatWasImportedInAnotherCompression() throws Exception {
        String _ = shell("zstd -q plain.tar");
        Image image = importFile(store, "plain.tar.zst", "thing");
        try (Outgoing outgoing = store.send(image)) {
            assertThat(outgoing.layer(0).mediaType()).isEqualTo(MediaType.OCI_LAYER_GZIP);
        }
        assertThat(store.find("thing").orElseThrow().manifest()).isEqualTo(image.manifest());
        assertThat(store.repair().check().damages()).isEmpty();
    }

    @Test
    void leavesAnImageAsItIsThatARegistryHas() throws Exception {
        Image image = importFile(store, "plain.tar", "thing");
        store.tag(
                image,
                ImageReference.parse("a.test/b").withDigest(image.manifest().digest()));
        assertThat(sent(image).descriptor()).isEqualTo(image.manifest());
        assertThat(blob(image.layers().getFirst().diffId())).exists();
        try (Outgoing outgoing = store.send(image)) {
            Digest blob = outgoing.layer(0).digest();
            assertThat(outgoing.repositoriesWith(blob, "a.test")).containsExactly("b");
            assertThat(outgoing.repositoriesWith(blob, "b.test")).isEmpty();
            assertThat(outgoing.repositoriesWith(image.id(), "a.test")).isEmpty();
        }
    }

    @Test
    void keepsWhatItSendsAlthoughTheImageIsRemoved() throws Exception {
        Image image = importFile(store, "plain.tar", "thing");
        Outgoing.Document manifest;
        try (Outgoing outgoing = store.send(image)) {
            List<Digest> _ = store.remove(image.id());
            Descriptor layer = outgoing.layer(0);
            manifest = outgoing.manifest(List.of(layer));
            assertThat(blob(layer.digest())).exists();
        }
        assertThat(store.list()).isEmpty();
        assertThat(blob(manifest.descriptor().digest())).doesNotExist();
        assertThat(store.collectGarbage()).isZero();
        assertThatThrownBy(() -> store.send(image)).isInstanceOf(NoSuchElementException.class);
    }

    @Test
    void sendsNothingDamaged() throws Exception {
        Image image = importFile(store, "plain.tar", "thing");
        Files.write(blob(image.layers().getFirst().diffId()), new byte[512], StandardOpenOption.APPEND);
        try (Outgoing outgoing = store.send(image)) {
            assertThatThrownBy(() -> outgoing.layer(0))
                    .isInstanceOf(MalformedException.class)
                    .hasMessageContaining("is damaged");
        }
    }
}
