package dev.gantry.e2e.images;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.e2e.BusyboxImage;
import dev.gantry.e2e.DaemonKind;
import dev.gantry.e2e.DaemonUnderTest;
import dev.gantry.e2e.EndToEnd;
import dev.gantry.e2e.EngineConnection;
import dev.gantry.e2e.LocalRegistry;
import dev.gantry.e2e.SystemCheck;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// The daemon is killed at random points while images are pulled, imported, loaded, committed, pushed, tagged,
/// removed and pruned: the store opens, what was acknowledged is there, every image is whole, and nothing
/// partial is left. `-De2e.imageDeaths=100` makes it a long run.
class ImageDeathRoundsIT {
    private static final int ROUNDS = Integer.getInteger("e2e.imageDeaths", 12);
    private static final int LAYER = 1 << 20;

    private final long seed = Long.getLong("e2e.seed", System.nanoTime());
    private final Random random = new Random(seed);
    private LocalRegistry registry;
    private DaemonUnderTest daemon;

    @BeforeEach
    void startThem() throws IOException {
        registry = LocalRegistry.start();
        Map<String, String> files = new LinkedHashMap<>();
        for (int tag = 1; tag <= 3; tag++) {
            files.put("file" + tag, noise()); // each has the layers of those before it
            registry.add("doomed:" + tag, files);
        }
        daemon = DaemonUnderTest.start(DaemonKind.GANTRY);
    }

    private String noise() {
        byte[] bytes = new byte[LAYER / 2];
        random.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    @AfterEach
    void endThem() throws IOException {
        try {
            daemon.close();
        } finally {
            registry.close();
        }
    }

    @Test
    void everyImageIsWholeAfterwards() throws IOException {
        byte[] archive = archive();
        int done = 0;
        int acknowledged = 0;
        for (int round : IntStream.range(0, ROUNDS).toArray()) {
            String what = "round %d of seed %d".formatted(round, seed);
            DoomedImageWork work = new DoomedImageWork(daemon, registry.host() + "/doomed", archive, "round" + round);
            work.workUntilKilled(random);
            daemon.startAgain();
            check(what, work);
            done += work.done();
            acknowledged += work.acknowledged().size();
            removeAll();
            StoreFiles.of(daemon).holdWhatTheIndexNeeds(what + ", emptied");
        }
        System.out.printf(
                "%d deaths (seed %d) of a daemon that had answered %d requests for images, %d of which named one that"
                        + " had to be there, or gone%n",
                ROUNDS, seed, done, acknowledged);
    }

    private byte[] archive() throws IOException {
        byte[] content = new byte[LAYER];
        random.nextBytes(content);
        try (InputStream tar = BusyboxImage.tar(Map.of("noise", content))) {
            ByteArrayOutputStream padded = new ByteArrayOutputStream();
            padded.writeBytes(tar.readAllBytes());
            padded.writeBytes(new byte[512]); // behind the end, for a mark
            return padded.toByteArray();
        }
    }

    private void check(String what, DoomedImageWork work) throws IOException {
        Set<String> listed = new HashSet<>();
        for (JsonNode image : images()) {
            image.at("/RepoTags").forEach(tag -> listed.add(tag.asString()));
        }
        work.acknowledged()
                .forEach((name, there) -> assertThat(listed.contains(name))
                        .as("%s: %s is listed", what, name)
                        .isEqualTo(there));
        JsonNode report = SystemCheck.of(daemon, "?deep=1");
        assertThat(report.at("/Findings"))
                .as(() -> what + ": " + report.toPrettyString())
                .isEmpty();
        daemon.removeContainers();
        StoreFiles.of(daemon).holdWhatTheIndexNeeds(what);
    }

    private JsonNode images() throws IOException {
        try (EngineConnection connection = daemon.connect()) {
            EngineConnection.Response response = connection.get("/images/json?all=1");
            assertThat(response.status()).as(response::text).isEqualTo(200);
            return EndToEnd.json(response.text());
        }
    }

    private void removeAll() throws IOException {
        try (EngineConnection connection = daemon.connect()) {
            for (JsonNode image : images()) {
                String id = image.at("/Id").asString();
                var response = connection.request("DELETE", "/images/" + id + "?force=1", null);
                assertThat(response.status()).as(response::text).isEqualTo(200);
            }
        }
    }
}
