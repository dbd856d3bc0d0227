package dev.gantry.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gantry.oci.Digest;
import dev.gantry.oci.image.Descriptor;
import dev.gantry.oci.image.MediaType;
import dev.gantry.registry.FakeServer.Reply;
import dev.gantry.registry.FakeServer.Seen;
import dev.gantry.registry.Retry.Limits;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Blobs whose way here is bad.
class BlobStreamTest extends RegistryFixture {
    private static final int SIZE = 3_000_000;
    private static final TestImage IMAGE = TestImage.ofLayers(9, SIZE);
    private static final Descriptor LAYER = IMAGE.manifest().layers().getFirst();
    private static final byte[] CONTENT = IMAGE.blobs().get(LAYER);
    private static final String BLOB = "GET /v2/some/thing/blobs/" + LAYER.digest();

    private FakeServer registry;

    @BeforeEach
    void start() throws IOException {
        registry = server();
    }

    private byte[] pull() throws IOException {
        return TestImage.read(repository(registry, null), LAYER);
    }

    private static int firstByte(Seen request) {
        String range = request.header("Range");
        return range == null ? 0 : Integer.parseInt(range.replaceAll("bytes=(\\d+)-", "$1"));
    }

    /// As a registry that knows ranges answers.
    private static Reply rest(byte[] content, Seen request) {
        int first = firstByte(request);
        return first == 0
                ? Reply.of(200, content)
                : Reply.of(206, Arrays.copyOfRange(content, first, content.length))
                        .with("Content-Range", "bytes %d-%d/%d".formatted(first, content.length - 1, content.length));
    }

    @Test
    void goesOnWhereTheConnectionWasCut() throws IOException {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        AtomicInteger cuts = new AtomicInteger(20);
        registry.on(BLOB, request -> {
            Reply rest = rest(CONTENT, request);
            return cuts.getAndDecrement() > 0 ? rest.cutAfter(64_000 + random.nextInt(100_000)) : rest;
        });
        assertThat(pull()).as("seed %d", seed).isEqualTo(CONTENT);

        // what was received is not asked for again: each request begins where the one before was cut
        assertThat(registry.seen(BLOB))
                .hasSize(21)
                .extracting(BlobStreamTest::firstByte)
                .isSorted();
    }

    @Test
    void readsEverythingAgainWhereRangesAreNotKnown() throws IOException {
        AtomicInteger cuts = new AtomicInteger(2);
        registry.on(BLOB, _ -> Reply.of(200, CONTENT).cutAfter(cuts.getAndDecrement() > 0 ? 1_000_000 : SIZE));
        assertThat(pull()).isEqualTo(CONTENT);
    }

    @Test
    void givesUpWhenNothingComesAnyMore() {
        registry.on(BLOB, request -> rest(CONTENT, request).cutAfter(firstByte(request) == 0 ? 100_000 : 0));
        assertThatThrownBy(this::pull)
                .isInstanceOf(RegistryException.Unreachable.class)
                .hasMessageContaining("blob %s: connection cut at byte ".formatted(LAYER.digest()));
        // Java's client may drop what it had when the cut came: the attempts count from the last one that began anew
        List<FakeServer.Seen> seen = registry.seen(BLOB);
        int anew = seen.size() - 1;
        while (firstByte(seen.get(anew)) != 0) {
            anew--;
        }
        assertThat(seen.subList(anew, seen.size())).hasSize(QUICK.attempts());
    }

    @Test
    void isNotKeptForEverByAFewBytesAtATime() {
        registry.on(BLOB, request -> rest(CONTENT, request).cutAfter(1000));
        assertThatThrownBy(this::pull).isInstanceOf(RegistryException.Unreachable.class);
        assertThat(registry.seen(BLOB)).hasSize(QUICK.attempts());
    }

    @Test
    void anotherPartThanTheOneAskedForIsRefused() {
        registry.on(
                BLOB,
                request -> firstByte(request) == 0
                        ? Reply.of(200, CONTENT).cutAfter(100_000)
                        : Reply.of(206, CONTENT).with("Content-Range", "bytes 0-%d/%d".formatted(SIZE - 1, SIZE)));
        assertThatThrownBy(this::pull)
                .isInstanceOf(RegistryException.Corrupt.class)
                .hasMessageContaining("asked for bytes from ");
    }

    // CVE-2026-111361: what is used is what was verified
    @Test
    void contentWithAnotherDigestIsRefusedBeforeItsLastByte() throws IOException {
        byte[] other = CONTENT.clone();
        other[5] ^= 1;
        registry.on(BLOB, _ -> Reply.of(200, other));
        int read = 0;
        try (InputStream stream = repository(registry, null).blob(LAYER)) {
            byte[] buffer = new byte[8192];
            for (int count = stream.read(buffer); count >= 0; count = stream.read(buffer)) {
                read += count;
            }
            assertThat(read).as("the end was reported").isNegative();
        } catch (RegistryException.Corrupt e) {
            assertThat(e).hasMessage("blob %s: got content with digest %s", LAYER.digest(), Digest.of(other));
        }
        assertThat(read).isLessThan(SIZE);
    }

    // CVE-2026-111361: a server that changes the bytes between two requests
    @Test
    void contentPutTogetherOfTwoBlobsIsRefused() {
        byte[] other = CONTENT.clone();
        other[SIZE - 1] ^= 1;
        registry.on(
                BLOB,
                request -> firstByte(request) == 0 ? Reply.of(200, CONTENT).cutAfter(1_000_000) : rest(other, request));
        assertThatThrownBy(this::pull).isInstanceOf(RegistryException.Corrupt.class);
    }

    @Test
    void contentOfAnotherSizeIsRefused() {
        registry.on(BLOB, _ -> Reply.of(200, Arrays.copyOf(CONTENT, SIZE + 1)));
        assertThatThrownBy(this::pull)
                .isInstanceOf(RegistryException.Corrupt.class)
                .hasMessage("blob %s: got %d bytes, want %d", LAYER.digest(), SIZE + 1, SIZE);
    }

    @Test
    void contentIsVerifiedWithTheAlgorithmOfItsDigest() throws IOException {
        var computation = Digest.Algorithm.SHA512.newMessageDigest();
        computation.update(CONTENT);
        Digest digest = Digest.Algorithm.SHA512.finish(computation);
        registry.on("GET /v2/some/thing/blobs/" + digest, _ -> Reply.of(200, CONTENT));
        Descriptor descriptor = Descriptor.of(MediaType.OCI_LAYER, digest, SIZE);
        assertThat(TestImage.read(repository(registry, null), descriptor)).isEqualTo(CONTENT);
    }

    @Test
    void aStalledConnectionIsTakenUpAgain() throws IOException {
        registry.on(
                BLOB,
                request -> firstByte(request) == 0
                        ? Reply.of(200, CONTENT).stalledAfter(1_000_000)
                        : rest(CONTENT, request));
        Limits impatient = new Limits(
                QUICK.connect(),
                QUICK.ping(),
                Duration.ofSeconds(3),
                QUICK.attempts(),
                QUICK.firstPause(),
                QUICK.longestPause(),
                QUICK.longestRetryAfter());
        Repository repository = client(config(), impatient).repository(reference(registry), null, Access.PULL);
        assertThat(TestImage.read(repository, LAYER)).isEqualTo(CONTENT);
    }

    @Test
    void anInterruptionEndsTheRead() throws Exception {
        registry.on(BLOB, _ -> Reply.of(200, CONTENT).stalledAfter(1000));
        try (InputStream stream = repository(registry, null).blob(LAYER)) {
            stream.readNBytes(1000);
            Thread.currentThread().interrupt();
            assertThatThrownBy(stream::read).isInstanceOf(InterruptedIOException.class);
        }
        assertThat(Thread.interrupted()).isTrue();
    }
}
