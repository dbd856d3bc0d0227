package dev.gantry.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.oci.ImageReference;
import dev.gantry.registry.FakeServer.Reply;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MirrorsTest extends RegistryFixture {
    private static final String MANIFEST = "GET /v2/some/thing/manifests/latest";

    private Repository repository(FakeServer... mirrors) throws IOException {
        List<URI> all = List.of(mirrors).stream()
                .map(each -> URI.create("http://" + each.authority()))
                .toList();
        return client(config().withMirrors(all), QUICK)
                .repository(ImageReference.parse("docker.io/some/thing"), ALICE, Access.PULL);
    }

    /// A mirror that does not know, one that is broken, one that is not there, and one that has it.
    @Test
    void asksTheNextWhereOneHasNothing() throws IOException {
        TestImage image = TestImage.ofLayers(1, 1000, 70000);
        FakeServer empty = server();
        FakeServer broken = server().on(MANIFEST, _ -> Reply.of(500, "broken"));
        FakeServer gone = server();
        FakeServer full = server();
        serve(full, image);
        Repository repository = repository(empty, broken, gone, full);
        gone.close();
        assertThat(repository.manifest("latest").content()).isEqualTo(image.document());
        for (Map.Entry<dev.gantry.oci.image.Descriptor, byte[]> blob :
                image.blobs().entrySet()) {
            try (InputStream content = repository.blob(blob.getKey())) {
                assertThat(content.readAllBytes()).isEqualTo(blob.getValue());
            }
        }
        assertThat(empty.seen(MANIFEST)).hasSize(1);
        assertThat(broken.seen(MANIFEST)).hasSize(1);
    }

    /// A mirror is not Docker Hub: whoever runs it does not get to know what the user tells Docker Hub.
    @Test
    void tellsNoMirrorWhoAsks() throws IOException {
        FakeServer mirror =
                server().on("GET /v2/", _ -> Reply.of(401, "{}").with("WWW-Authenticate", "Basic realm=\"mirror\""));
        serve(mirror, TestImage.ofLayers(1, 1000, 70000));
        Repository repository = repository(mirror, mirror);
        try {
            FetchedManifest _ = repository.manifest("latest");
        } catch (RegistryException _) {
            // Docker Hub itself cannot be reached from here
        }
        assertThat(mirror.seen())
                .isNotEmpty()
                .allSatisfy(
                        request -> assertThat(request.header("Authorization")).isNull());
    }
}
