package dev.gantry.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.oci.ImageReference;
import dev.gantry.oci.image.Descriptor;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Pulls from docker-registry through connections that are cut at random places.
class CutConnectionIT {
    private static final int SIZE = 20_000_000;

    @TempDir
    Path directory;

    @Test
    void aLayerArrivesWholeAndHardlyAnyOfItTwice() throws IOException {
        long seed = System.nanoTime();
        TestImage image = TestImage.ofLayers(21, SIZE);
        Descriptor layer = image.manifest().layers().getFirst();
        try (DockerRegistry registry = DockerRegistry.start(directory);
                CuttingProxy proxy = new CuttingProxy(registry.port(), 12, 1_500_000, seed);
                RegistryClient client = new RegistryClient(RegistryFixture.config(), RegistryFixture.QUICK)) {
            image.push(open(client, registry.port(), Access.PUSH), "latest");

            byte[] content = TestImage.read(open(client, proxy.port(), Access.PULL), layer);

            assertThat(content).as("seed %d", seed).isEqualTo(image.blobs().get(layer));
            assertThat(proxy.cutsLeft()).as("seed %d", seed).isZero();
            assertThat(proxy.answered()).as("seed %d", seed).isBetween((long) SIZE, SIZE * 105L / 100);
        }
    }

    private static Repository open(RegistryClient client, int port, Access access) throws IOException {
        return client.repository(ImageReference.parse("127.0.0.1:%d/cut/here".formatted(port)), null, access);
    }
}
