package dev.gantry.registry;

import dev.gantry.oci.ImageReference;
import dev.gantry.registry.FakeServer.Reply;
import dev.gantry.registry.Retry.Limits;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;

/// Fake servers and a client that does not wait long.
abstract class RegistryFixture {
    static final Limits QUICK = new Limits(
            Duration.ofSeconds(10),
            Duration.ofSeconds(10),
            Duration.ofSeconds(10),
            5,
            Duration.ofMillis(2),
            Duration.ofMillis(10),
            Duration.ofSeconds(2));
    static final Credentials ALICE = Credentials.of("alice", "wonder:land");

    private final List<AutoCloseable> open = new ArrayList<>();

    final FakeServer server() throws IOException {
        return closed(new FakeServer());
    }

    final <T extends AutoCloseable> T closed(T resource) {
        open.add(resource);
        return resource;
    }

    final RegistryClient client() {
        return client(config(), QUICK);
    }

    final RegistryClient client(RegistryConfig config, Limits limits) {
        return closed(new RegistryClient(config, limits));
    }

    static RegistryConfig config() {
        return new RegistryConfig(
                RegistryConfig.LOOPBACK, List.of(), List.of(), List.of(), ProxySettings.NONE, "gantry-test");
    }

    final Repository repository(FakeServer server, @Nullable Credentials credentials) throws IOException {
        return client().repository(reference(server), credentials, Access.PULL);
    }

    static ImageReference reference(FakeServer server) throws IOException {
        return ImageReference.parse(server.authority() + "/some/thing");
    }

    /// Serves an image at `some/thing:latest`.
    static void serve(FakeServer server, TestImage image) {
        Reply manifest = Reply.of(200, image.document())
                .with("Content-Type", image.manifest().mediaType());
        server.on("GET /v2/some/thing/manifests/latest", _ -> manifest);
        server.on("GET /v2/some/thing/manifests/" + image.descriptor().digest(), _ -> manifest);
        image.blobs()
                .forEach((descriptor, content) ->
                        server.on("GET /v2/some/thing/blobs/" + descriptor.digest(), _ -> Reply.of(200, content)));
    }

    @AfterEach
    void closeAll() throws Exception {
        for (AutoCloseable each : open.reversed()) {
            each.close();
        }
    }
}
