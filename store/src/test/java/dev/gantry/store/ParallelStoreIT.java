package dev.gantry.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.oci.Digest;
import dev.gantry.oci.Json;
import dev.gantry.oci.Platform;
import dev.gantry.oci.image.Descriptor;
import dev.gantry.oci.image.Execution;
import dev.gantry.oci.image.History;
import dev.gantry.oci.image.ImageConfig;
import dev.gantry.oci.image.Manifest;
import dev.gantry.oci.image.MediaType;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Images that share layers come, are used and go while garbage is collected: what somebody needs stays, and what
/// nobody
/// needs goes. `-Dstore.stressMillis` is the time that it has, `-Dstore.seed` repeats the choices.
class ParallelStoreIT extends StoreFixture {
    private static final long MILLIS = Long.getLong("store.stressMillis", 4000);
    private static final int LAYERS = 6;
    private static final int IMAGES = 8;

    private final long seed = Long.getLong("store.seed", System.nanoTime());
    private final AtomicInteger pulls = new AtomicInteger();
    private final AtomicInteger cancelled = new AtomicInteger();
    private final AtomicInteger uses = new AtomicInteger();
    private final AtomicInteger collections = new AtomicInteger();
    private final List<byte[]> archives = new ArrayList<>();

    private ImageStore store;
    /// In memory: the disk's syncs would leave time for a few tries only.
    private Path memory = Path.of("/nonexistent");

    @BeforeEach
    void makeStore() throws IOException {
        memory = Files.createTempDirectory(Path.of("/dev/shm"), "gantry-store");
    }

    @AfterEach
    void removeStore() {
        Tools.deleteTree(memory);
    }

    private void makeArchives() throws Exception {
        for (int i = 0; i < LAYERS; i++) {
            shell(
                    "rm -rf t; mkdir t; echo layer%1$d > t/layer%1$d; head -c 20000 /dev/urandom > t/noise%1$d; tar -cf t.tar -C t ."
                            .formatted(i));
            archives.add(Files.readAllBytes(scratch.resolve("t.tar")));
        }
    }

    /// Image `number` has two layers, which others have, too.
    private List<Integer> layersOf(int number) {
        return List.of(number % LAYERS, (number * 3 + 1) % LAYERS);
    }

    private void pull(Random random) throws Exception {
        int number = random.nextInt(IMAGES);
        List<byte[]> layers = layersOf(number).stream().map(archives::get).toList();
        byte[] config = Json.write(ImageConfig.of(
                Platform.host(),
                new Execution.Builder().user(Integer.toString(number)).build(),
                layers.stream().map(Digest::of).toList(),
                layers.stream()
                        .map(_ -> new History(null, null, null, null, false))
                        .toList()));
        byte[] manifest = Json.write(Manifest.of(
                Descriptor.of(MediaType.OCI_CONFIG, config),
                layers.stream()
                        .map(layer -> Descriptor.of(MediaType.OCI_LAYER, layer))
                        .toList()));
        try (Ingest ingest = store.ingest()) {
            for (byte[] layer : layers) {
                ingest.layer(
                        Descriptor.of(MediaType.OCI_LAYER, layer),
                        Digest.of(layer),
                        () -> new ByteArrayInputStream(layer));
                if (random.nextInt(6) == 0) {
                    cancelled.incrementAndGet();
                    return;
                }
            }
            Image image = ingest.commit(MediaType.OCI_MANIFEST, manifest, config, List.of(name("thing:" + number)));
            assertThat(image.layers()).hasSize(2);
        }
        pulls.incrementAndGet();
    }

    /// As a container does: what it has leased is there until it lets go.
    private void use(Random random) throws Exception {
        int number = random.nextInt(IMAGES);
        Image image = store.find("thing:" + number).orElse(null);
        if (image == null) {
            return;
        }
        try (Lease lease = store.lease(image.id())) {
            if (random.nextInt(3) == 0) {
                store.remove(image.id());
            }
            List<Integer> layers = layersOf(number);
            for (int i = 0; i < layers.size(); i++) {
                String file = "layer" + layers.get(i);
                assertThat(lease.layers().get(i).tree().resolve(file))
                        .as("seed %d: image %d", seed, number)
                        .hasContent(file);
            }
            uses.incrementAndGet();
        } catch (NoSuchElementException _) {
            // removed since it was found
        }
    }

    private void remove(Random random) throws Exception {
        Image image = store.find("thing:" + random.nextInt(IMAGES)).orElse(null);
        if (image != null) {
            store.remove(image.id());
        }
    }

    private void importOne(Random random) throws Exception {
        byte[] layer = archives.get(random.nextInt(LAYERS));
        Image image = store.importTar(
                new ByteArrayInputStream(layer),
                new ImportOptions(name("imported:" + random.nextInt(4)), List.of(), "stress", Platform.host()));
        assertThat(image.layers()).hasSize(1);
    }

    private void collect() throws Exception {
        assertThat(store.collectGarbage()).isNotNegative();
        collections.incrementAndGet();
    }

    private interface Work {
        void run(Random random) throws Exception;
    }

    @Test
    void garbageIsCollectedBesidePullsImportsAndRuns() throws Exception {
        makeArchives();
        store = ImageStore.open(memory);
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(MILLIS);
        List<Work> works = List.of(
                this::pull,
                this::pull,
                this::pull,
                this::use,
                this::use,
                this::remove,
                this::importOne,
                _ -> collect());
        try (ExecutorService threads = Executors.newFixedThreadPool(works.size())) {
            List<Future<Void>> running = new ArrayList<>();
            for (Work work : works) {
                Random random = new Random(seed + running.size());
                Callable<Void> untilTheEnd = () -> {
                    while (System.nanoTime() < end) {
                        work.run(random);
                    }
                    return null;
                };
                running.add(threads.submit(untilTheEnd));
            }
            for (Future<Void> each : running) {
                each.get();
            }
        }
        System.out.printf(
                "%d pulls, %d given up, %d uses, %d collections (seed %d)%n",
                pulls.get(), cancelled.get(), uses.get(), collections.get(), seed);
        assertThat(pulls).hasPositiveValue();
        assertThat(collections).hasPositiveValue();
        assertThat(store.repair().verify()).isEmpty();
        assertThat(store.repair().check().damages()).isEmpty();
        assertThat(store.collectGarbage()).as("garbage that was left").isZero();
        for (Image each : store.list()) {
            assertThat(store.remove(each.id())).isNotNull();
        }
        assertThat(Tools.shell(memory, "find layers content/blobs tmp -mindepth 1 ! -name 'sha*'"))
                .isEmpty();
        assertThat(ImageStore.open(memory).list()).isEmpty();
    }
}
