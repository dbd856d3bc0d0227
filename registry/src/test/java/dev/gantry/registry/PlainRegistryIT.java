package dev.gantry.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gantry.oci.Digest;
import dev.gantry.oci.ImageReference;
import dev.gantry.oci.image.Descriptor;
import dev.gantry.oci.image.MediaType;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Against docker-registry without TLS and without users, on loopback, which is insecure without configuration.
class PlainRegistryIT {
    @TempDir
    Path directory;

    private DockerRegistry registry;
    private RegistryClient client;

    @BeforeEach
    void start() throws IOException {
        registry = DockerRegistry.start(directory);
        client = new RegistryClient(RegistryConfig.defaults("gantry-test", Map.of()));
    }

    @AfterEach
    void stop() {
        client.close();
        registry.close();
    }

    private Repository open(String path, Access access) throws IOException {
        ImageReference reference = ImageReference.parse("127.0.0.1:%d/%s".formatted(registry.port(), path));
        return client.repository(reference, null, access);
    }

    @Test
    void anImageOfThreeLayersComesBackAsItWasPushed() throws IOException {
        TestImage image = TestImage.ofLayers(1, 0, 100_000, 3_000_000);
        Digest pushed = image.push(open("some/thing", Access.PUSH), "v1");
        Repository repository = open("some/thing", Access.PULL);

        FetchedManifest byTag = repository.manifest("v1");
        FetchedManifest byDigest = repository.manifest(pushed.toString());

        assertThat(byTag.content()).isEqualTo(image.document());
        assertThat(byTag.descriptor()).isEqualTo(image.descriptor());
        assertThat(byDigest.descriptor()).isEqualTo(image.descriptor());
        for (var blob : image.blobs().entrySet()) {
            assertThat(TestImage.read(repository, blob.getKey())).isEqualTo(blob.getValue());
        }
    }

    @Test
    void aBlobIsKnownOnceItIsThere() throws IOException {
        byte[] content = "hello".getBytes(StandardCharsets.UTF_8);
        Descriptor descriptor = Descriptor.of(MediaType.OCI_LAYER, content);
        Repository repository = open("thing", Access.PUSH);
        assertThat(repository.hasBlob(descriptor.digest())).isFalse();

        List<Long> progress = new ArrayList<>();
        repository.upload(descriptor, () -> new java.io.ByteArrayInputStream(content), progress::add);

        assertThat(repository.hasBlob(descriptor.digest())).isTrue();
        assertThat(progress).last().isEqualTo(5L);
    }

    @Test
    void aBlobIsMountedFromAnotherRepositoryAndNotFromOneThatHasIt() throws IOException {
        TestImage image = TestImage.ofLayers(2, 1000);
        image.push(open("first", Access.PUSH), "latest");
        Digest layer = image.manifest().layers().getFirst().digest();
        Repository second = open("second", Access.PUSH);

        assertThat(second.mount(layer, "nowhere")).isFalse();
        assertThat(second.hasBlob(layer)).isFalse();
        assertThat(second.mount(layer, "first")).isTrue();
        assertThat(second.hasBlob(layer)).isTrue();
    }

    @Test
    void tagsAreListed() throws IOException {
        TestImage image = TestImage.ofLayers(3, 10);
        Repository repository = open("tagged", Access.PUSH);
        image.push(repository, "b");
        image.push(repository, "a");
        assertThat(repository.tags()).containsExactlyInAnyOrder("a", "b");
    }

    @Test
    void aMissingManifestIsNamedAsDockerNamesIt() {
        assertThatThrownBy(() -> open("missing", Access.PULL).manifest("v9"))
                .isInstanceOf(RegistryException.NotFound.class)
                .hasMessage("manifest for 127.0.0.1:%d/missing:v9 not found: manifest unknown: manifest unknown"
                        .formatted(registry.port()));
    }

    @Test
    void aRegistryThatIsNotThereIsNamed() {
        registry.close();
        assertThatThrownBy(() -> open("thing", Access.PULL).manifest("latest"))
                .isInstanceOf(RegistryException.Unreachable.class)
                .hasMessage("Get \"http://127.0.0.1:%d/v2/\": dial tcp 127.0.0.1:%1$d: connect: connection refused"
                        .formatted(registry.port()));
    }
}
