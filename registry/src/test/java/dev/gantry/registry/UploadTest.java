package dev.gantry.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gantry.oci.image.Descriptor;
import dev.gantry.oci.image.MediaType;
import dev.gantry.registry.FakeServer.Reply;
import dev.gantry.registry.FakeServer.Seen;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Blobs on their way to a registry.
class UploadTest extends RegistryFixture {
    private static final String START = "POST /v2/some/thing/blobs/uploads/";
    private static final byte[] CONTENT = content();
    private static final Descriptor BLOB = Descriptor.of(MediaType.OCI_LAYER, CONTENT);

    private FakeServer registry;
    private final List<Long> progress = new ArrayList<>();

    private static byte[] content() {
        byte[] content = new byte[(16 << 20) + 1000];
        new Random(12).nextBytes(content);
        return content;
    }

    @BeforeEach
    void start() throws IOException {
        registry = server();
        registry.on(START, _ -> Reply.of(202, "").with("Location", "/upload?state=1"));
        registry.on("PUT /upload", _ -> Reply.of(201, ""));
    }

    private void upload() throws IOException {
        client().repository(reference(registry), null, Access.PUSH)
                .upload(BLOB, () -> new ByteArrayInputStream(CONTENT), progress::add);
    }

    private static byte[] sent(List<Seen> requests) {
        return requests.stream().map(Seen::body).collect(Collectors.joining()).getBytes(StandardCharsets.ISO_8859_1);
    }

    @Test
    void goWithOneRequest() throws IOException {
        upload();
        Seen put = registry.seen("PUT /upload").getFirst();
        assertThat(put.path())
                .isEqualTo("/upload?state=1&digest=sha256%3A" + BLOB.digest().hex());
        assertThat(put.header("Content-Length")).isEqualTo(Integer.toString(CONTENT.length));
        assertThat(sent(List.of(put))).isEqualTo(CONTENT);
        assertThat(progress).isSorted().last().isEqualTo((long) CONTENT.length);
    }

    @Test
    void beginAnewWhenTheyAreRefusedForAMoment() throws IOException {
        AtomicInteger troubles = new AtomicInteger(2);
        registry.on("PUT /upload", _ -> Reply.of(troubles.getAndDecrement() > 0 ? 503 : 201, ""));
        upload();
        assertThat(registry.seen(START)).hasSize(3);
    }

    @Test
    void goInPiecesWhereTheRegistryAsksForPieces() throws IOException {
        registry.on(START, _ -> Reply.of(202, "").with("Location", "/upload/0").with("OCI-Chunk-Min-Length", "1000"));
        takePieces();
        upload();
        assertPieces();
    }

    @Test
    void goInPiecesWhereALargeRequestIsRefused() throws IOException {
        registry.on(START, _ -> Reply.of(202, "").with("Location", "/upload/0"));
        takePieces();
        registry.on("PUT /upload/0", _ -> Reply.of(413, ""));
        upload();
        assertPieces();
    }

    private void takePieces() {
        registry.on("PATCH /upload/0", _ -> Reply.of(202, "").with("Location", "/upload/1"));
        registry.on("PATCH /upload/1", _ -> Reply.of(202, "").with("Location", "/upload/2"));
        registry.on("PUT /upload/2", _ -> Reply.of(201, ""));
    }

    private void assertPieces() {
        List<Seen> pieces = registry.seen().stream()
                .filter(seen -> seen.method().equals("PATCH"))
                .toList();
        assertThat(pieces)
                .extracting(piece -> piece.header("Content-Range"))
                .containsExactly("0-16777215", "16777216-16778215");
        assertThat(sent(pieces)).isEqualTo(CONTENT);
        assertThat(registry.seen("PUT /upload/2").getFirst().path())
                .isEqualTo("/upload/2?digest=sha256%3A" + BLOB.digest().hex());
    }

    @Test
    void areRefusedInTheRegistrysWords() {
        registry.on(START, _ -> Reply.json(401, "{\"errors\":[{\"code\":\"DENIED\"}]}"));
        assertThatThrownBy(this::upload)
                .isInstanceOf(RegistryException.Denied.class)
                .hasMessage("denied: requested access to the resource is denied");
    }

    @Test
    void areNotDoneWhenTheRegistryStoredSomethingElse() {
        registry.on("PUT /upload", _ -> Reply.of(201, "").with("Docker-Content-Digest", "sha256:" + "0".repeat(64)));
        assertThatThrownBy(this::upload).isInstanceOf(RegistryException.Corrupt.class);
    }

    @Test
    void thatAreMountedReadFromTheOtherRepository() throws IOException {
        registry.on(
                START,
                request -> request.path().contains("&from=other%2Fplace") ? Reply.of(201, "") : Reply.of(500, ""));
        Repository repository = client().repository(reference(registry), null, Access.PUSH);
        assertThat(repository.mount(BLOB.digest(), "other/place")).isTrue();
    }

    @Test
    void thatAMountHasBegunAreEnded() throws IOException {
        registry.on("DELETE /upload", _ -> Reply.of(204, ""));
        Repository repository = client().repository(reference(registry), null, Access.PUSH);
        assertThat(repository.mount(BLOB.digest(), "other/place")).isFalse();
        assertThat(registry.seen("DELETE /upload")).hasSize(1);
    }
}
