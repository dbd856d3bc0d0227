package dev.gantry.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gantry.oci.Digest;
import dev.gantry.oci.image.Manifest;
import dev.gantry.oci.image.ManifestOrIndex;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/// Fabricated damage of each kind, found by name and mended.
class StoreCheckIT extends StoreFixture {
    private Image imported(ImageStore store, String content) throws IOException, InterruptedException {
        shell("mkdir -p in && printf '%s' > in/f && tar -czf a.tgz -C in . && rm -r in".formatted(content));
        return importFile(store, "a.tgz", content);
    }

    private static Digest diffId(Image image) {
        return image.layers().getFirst().diffId();
    }

    private Path layer(Image image) {
        return root.resolve("layers").resolve(diffId(image).hex());
    }

    private Path file(Digest blob) {
        return root.resolve("content/blobs/sha256").resolve(blob.hex());
    }

    private Digest blob(Image image) throws IOException {
        byte[] document = Files.readAllBytes(file(image.manifest().digest()));
        return ((Manifest) ManifestOrIndex.parse(document, null))
                .layers()
                .getFirst()
                .digest();
    }

    private static void remove(Path directory) {
        Tools.deleteTree(directory);
    }

    @Test
    void aHealthyStoreAgrees() throws Exception {
        ImageStore store = ImageStore.open(root);
        imported(store, "one");
        imported(store, "two");
        StoreReport report = store.repair().check();
        assertThat(report).isEqualTo(new StoreReport(List.of(), 2, 2, 6));
    }

    @Test
    void aLostLayerIsFoundAndUnpackedAgain() throws Exception {
        ImageStore store = ImageStore.open(root);
        Image image = imported(store, "one");
        remove(layer(image));
        assertThat(store.repair().check().damages())
                .containsExactly(new StoreDamage.BrokenLayer(diffId(image), "its directory is missing", true));
        store.repair().restore(diffId(image));
        assertThat(store.repair().check().damages()).isEmpty();
        assertThat(Files.readString(image.layerTrees().getFirst().resolve("f"))).isEqualTo("one");
        assertThat(store.repair().verify()).isEmpty();
    }

    @Test
    void aLayerWithoutTreeOrRecordIsUnpackedAgain() throws Exception {
        ImageStore store = ImageStore.open(root);
        Image image = imported(store, "one");
        remove(layer(image).resolve("fs"));
        assertThat(store.repair().check().damages())
                .containsExactly(new StoreDamage.BrokenLayer(diffId(image), "its tree is missing", true));
        store.repair().restore(diffId(image));
        Files.delete(layer(image).resolve("layer.json"));
        assertThat(store.repair().check().damages())
                .containsExactly(new StoreDamage.BrokenLayer(diffId(image), "its record is missing", true));
        store.repair().restore(diffId(image));
        Files.writeString(layer(image).resolve("layer.json"), "{");
        assertThat(store.repair().check().damages())
                .hasSize(1)
                .allSatisfy(damage -> assertThat(damage.toString()).contains("its record cannot be read"));
        store.repair().restore(diffId(image));
        assertThat(store.repair().check().damages()).isEmpty();
        assertThat(store.repair().verify()).isEmpty();
    }

    @Test
    void aChangedTreeIsFoundByVerificationAndUnpackedAgain() throws Exception {
        ImageStore store = ImageStore.open(root);
        Image image = imported(store, "one");
        Files.writeString(image.layerTrees().getFirst().resolve("f"), "other");
        assertThat(store.repair().check().damages()).isEmpty();
        assertThat(store.repair().verify())
                .singleElement()
                .isInstanceOfSatisfying(
                        StoreDamage.BrokenLayer.class,
                        layer -> assertThat(layer.restorable()).isTrue());
        store.repair().restore(diffId(image));
        assertThat(store.repair().verify()).isEmpty();
    }

    @Test
    void aLostBlobIsFound() throws Exception {
        ImageStore store = ImageStore.open(root);
        Image image = imported(store, "one");
        Digest blob = blob(image);
        Files.write(file(blob), new byte[1]);
        assertThat(store.repair().check().damages())
                .containsExactly(new StoreDamage.BrokenBlob(blob, image.id(), "has another size than its image says"));
        Files.delete(file(blob));
        remove(layer(image));
        assertThat(store.repair().check().damages())
                .containsExactlyInAnyOrder(
                        new StoreDamage.BrokenBlob(blob, image.id(), "is missing"),
                        new StoreDamage.BrokenLayer(diffId(image), "its directory is missing", false));
        assertThatThrownBy(() -> store.repair().restore(diffId(image))).hasMessageContaining("blob of layer");
    }

    @Test
    void aLostDocumentIsFound() throws Exception {
        ImageStore store = ImageStore.open(root);
        Image image = imported(store, "one");
        Files.delete(file(image.id()));
        assertThat(store.repair().check().damages())
                .containsExactly(
                        new StoreDamage.BrokenBlob(image.id(), image.id(), "the configuration is missing or damaged"));
        Files.writeString(file(image.manifest().digest()), "{");
        assertThat(store.repair().check().damages())
                .containsExactly(new StoreDamage.BrokenBlob(
                        image.manifest().digest(), image.id(), "the manifest is missing or damaged"));
    }

    @Test
    void anImageThatLostALayerSurvivesARestartAndComesBack() throws Exception {
        Image image = imported(ImageStore.open(root), "one");
        remove(layer(image));
        ImageStore store = ImageStore.open(root);
        store.collectGarbage();
        imported(store, "two");
        assertThat(store.find("one")).isEmpty();
        List<StoreDamage> damages = ImageStore.open(root).repair().check().damages();
        assertThat(damages).hasSize(2);
        assertThat(damages.getFirst())
                .isEqualTo(new StoreDamage.BrokenLayer(diffId(image), "its directory is missing", true));
        assertThat(damages.getLast()).isInstanceOfSatisfying(StoreDamage.UnreadableImage.class, unreadable -> {
            assertThat(unreadable.name()).isEqualTo("docker.io/library/one:latest");
            assertThat(unreadable.image()).isEqualTo(image.id());
            assertThat(unreadable.why()).contains(diffId(image).hex());
        });
        store.repair().restore(diffId(image));
        store.repair().readAgain((StoreDamage.UnreadableImage) damages.getLast());
        assertThat(store.find("one")).contains(image);
        assertThat(store.repair().check().damages()).isEmpty();
        assertThat(ImageStore.open(root).list()).hasSize(2);
    }

    @Test
    void anImageThatIsLostForGoodCanBeForgotten() throws Exception {
        Image image = imported(ImageStore.open(root), "one");
        Files.delete(file(image.id()));
        ImageStore store = ImageStore.open(root);
        StoreDamage.UnreadableImage lost = (StoreDamage.UnreadableImage) store.repair().check().damages().stream()
                .filter(StoreDamage.UnreadableImage.class::isInstance)
                .findFirst()
                .orElseThrow();
        assertThatThrownBy(() -> store.repair().readAgain(lost)).isInstanceOf(IOException.class);
        store.repair().forget(lost);
        assertThat(store.repair().check()).isEqualTo(new StoreReport(List.of(), 0, 0, 0));
        assertThat(ImageStore.open(root).repair().check()).isEqualTo(new StoreReport(List.of(), 0, 0, 0));
    }

    @Test
    void anImportUnderTheSameNameTakesThePlaceOfALostImage() throws Exception {
        Image image = imported(ImageStore.open(root), "one");
        Files.delete(file(image.id()));
        ImageStore store = ImageStore.open(root);
        Image again = imported(store, "one");
        store.collectGarbage();
        assertThat(store.find("one")).contains(again);
        assertThat(store.repair().check().damages()).isEmpty();
    }

    @Test
    void whatNobodyNeedsIsFoundAndFreed() throws Exception {
        ImageStore store = ImageStore.open(root);
        Image image = imported(store, "one");
        Digest blob = Digest.of(new byte[] {'x'});
        Files.writeString(file(blob), "x");
        Digest layer = Digest.of(new byte[] {'y'});
        Files.createDirectories(root.resolve("layers").resolve(layer.hex()).resolve("fs"));
        assertThat(store.repair().check().damages())
                .containsExactly(new StoreDamage.UnneededLayer(layer), new StoreDamage.UnneededBlob(blob));
        store.collectGarbage();
        assertThat(store.repair().check().damages()).isEmpty();
        assertThat(store.find("one")).contains(image);
    }

    @Test
    void unfinishedAndStrangeFilesAreFound() throws Exception {
        ImageStore store = ImageStore.open(root);
        imported(store, "one");
        Path unfinished = Files.createDirectory(root.resolve("tmp/unfinished"));
        Path inLayers = Files.createFile(root.resolve("layers/what.is.this"));
        Path inBlobs = Files.createFile(root.resolve("content/blobs/sha256/abc.tmp"));
        var leftover = new StoreDamage.LeftoverFile(unfinished);
        assertThat(store.repair().check().damages())
                .containsExactly(leftover, new StoreDamage.StrangeFile(inLayers), new StoreDamage.StrangeFile(inBlobs));
        store.repair().delete(leftover);
        assertThat(unfinished).doesNotExist();
        // none of them keeps the store from being opened or cleaned
        ImageStore again = ImageStore.open(root);
        assertThat(again.collectGarbage()).isZero();
        assertThat(again.list()).hasSize(1);
    }

    @Test
    void aRemovedImageIsFreedWithItsLastLease() throws Exception {
        ImageStore store = ImageStore.open(root);
        Image image = imported(store, "one");
        Lease first = store.lease(image.id());
        Lease second = store.lease(image.id());
        store.remove(image.id());
        assertThat(store.repair().check().damages()).isEmpty();
        first.close();
        assertThat(store.repair().check()).isEqualTo(new StoreReport(List.of(), 0, 1, 1));
        second.close();
        assertThat(store.repair().check()).isEqualTo(new StoreReport(List.of(), 0, 0, 0));
    }

    @Test
    void aBusyStoreAgrees() throws Exception {
        ImageStore store = ImageStore.open(root);
        Image kept = imported(store, "kept");
        shell("mkdir in && seq 2000 > in/f && tar -cf b.tar -C in .");
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<?> busy = threads.submit(() -> {
                for (int i = 0; i < 60; i++) {
                    Image image = importFile(store, "b.tar", "busy" + i % 3);
                    try (Lease _ = store.lease(image.id())) {
                        store.remove(image.id());
                    }
                }
                return null;
            });
            while (!busy.isDone()) {
                assertThat(store.repair().check().damages()).isEmpty();
            }
            busy.get();
        }
        assertThat(store.list()).containsExactly(kept);
    }
}
