package dev.gantry.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gantry.oci.Digest;
import dev.gantry.oci.MalformedException;
import dev.gantry.oci.image.MediaType;
import dev.gantry.registry.FakeServer.Reply;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Manifests that are not what they should be.
class ManifestsTest extends RegistryFixture {
    private static final String MANIFEST = "/v2/some/thing/manifests/";
    private static final TestImage IMAGE = TestImage.ofLayers(10, 100);

    private FakeServer registry;

    @BeforeEach
    void start() throws IOException {
        registry = server();
    }

    private static Reply manifest(byte[] document) {
        return Reply.of(200, document).with("Content-Type", MediaType.OCI_MANIFEST);
    }

    private FetchedManifest fetch(String name) throws IOException {
        return repository(registry, null).manifest(name);
    }

    @Test
    void bothFamiliesAreAskedFor() throws IOException {
        serve(registry, IMAGE);
        fetch("latest");
        assertThat(registry.seen("GET " + MANIFEST + "latest").getFirst().header("Accept"))
                .contains(
                        MediaType.OCI_INDEX, MediaType.OCI_MANIFEST, MediaType.DOCKER_INDEX, MediaType.DOCKER_MANIFEST);
    }

    // CVE-2026-111361: verified before it is parsed, with every algorithm
    @Test
    void aManifestWithAnotherDigestIsRefused() {
        for (Digest digest : List.of(
                Digest.of(new byte[] {1}),
                Digest.Algorithm.SHA512.finish(Digest.Algorithm.SHA512.newMessageDigest()))) {
            registry.on("GET " + MANIFEST + digest, _ -> manifest("no JSON".getBytes(StandardCharsets.UTF_8)));
            assertThatThrownBy(() -> fetch(digest.toString()))
                    .isInstanceOf(RegistryException.Corrupt.class)
                    .hasMessageContaining("manifest verification failed for digest " + digest);
        }
    }

    @Test
    void aManifestWithAnotherDigestThanTheRegistryStatesIsRefused() {
        for (String stated : List.of(Digest.of(new byte[] {1}).toString(), "sha256:no", "md5:00")) {
            registry.on(
                    "GET " + MANIFEST + "latest",
                    _ -> manifest(IMAGE.document()).with("Docker-Content-Digest", stated));
            assertThatThrownBy(() -> fetch("latest")).as(stated).isInstanceOf(RegistryException.Corrupt.class);
        }
    }

    @Test
    void aManifestOfMoreThanFourMebibytesIsRefused() {
        registry.on("GET " + MANIFEST + "latest", _ -> manifest(new byte[(4 << 20) + 1]));
        assertThatThrownBy(() -> fetch("latest"))
                .isInstanceOf(RegistryException.Corrupt.class)
                .hasMessageContaining("more than 4194304 bytes");
    }

    // CVE-2021-41190: one digest, two documents, depending on who reads
    @Test
    void aDocumentThatIsManifestAndIndexIsRefused() {
        String both = "{\"schemaVersion\":2,\"manifests\":[],\"config\":{},\"layers\":[]}";
        for (String type : List.of(MediaType.OCI_MANIFEST, MediaType.OCI_INDEX)) {
            registry.on("GET " + MANIFEST + "latest", _ -> Reply.of(200, both).with("Content-Type", type));
            assertThatThrownBy(() -> fetch("latest"))
                    .isInstanceOf(RegistryException.Corrupt.class)
                    .hasMessageContaining("ambiguous manifest");
        }
    }

    // CVE-2021-41190
    @Test
    void aDocumentThatStatesAnotherTypeThanItCameWithIsRefused() {
        registry.on(
                "GET " + MANIFEST + "latest",
                _ -> Reply.of(200, IMAGE.document()).with("Content-Type", MediaType.DOCKER_MANIFEST));
        assertThatThrownBy(() -> fetch("latest"))
                .isInstanceOf(RegistryException.Corrupt.class)
                .hasMessageContaining("manifest states media type");
    }

    @Test
    void aTypeThatSaysNothingLeavesItToTheDocument() throws IOException {
        registry.on(
                "GET " + MANIFEST + "latest",
                _ -> Reply.of(200, IMAGE.document()).with("Content-Type", "application/json; charset=utf-8"));
        assertThat(fetch("latest").descriptor()).isEqualTo(IMAGE.descriptor());
    }

    @Test
    void whatIsNeitherTagNorDigestIsNotAskedFor() {
        for (String name : List.of("", "a/b", "a b", "sha256:short", "../x", "a?b")) {
            assertThatThrownBy(() -> fetch(name)).as(name).isInstanceOf(MalformedException.class);
        }
        assertThat(registry.seen()).isEmpty();
    }

    @Test
    void whatIsStoredUnderAnotherDigestWasNotStored() {
        registry.on(
                "PUT " + MANIFEST + "latest",
                _ -> Reply.of(201, "")
                        .with("Docker-Content-Digest", Digest.of(new byte[1]).toString()));
        assertThatThrownBy(() -> repository(registry, null).putManifest("latest", IMAGE.descriptor(), IMAGE.document()))
                .isInstanceOf(RegistryException.Corrupt.class)
                .hasMessageStartingWith("registry stored sha256:");
    }

    @Test
    void tagsAreReadPageByPage() throws IOException {
        String list = "/v2/some/thing/tags/list";
        registry.on(
                "GET " + list,
                request -> request.path().contains("last=b")
                        ? Reply.json(200, "{\"tags\":[\"c\"]}")
                        : Reply.json(200, "{\"tags\":[\"a\",\"b\"]}")
                                .with("Link", "<%s?last=b&n=2>; rel=\"next\"".formatted(list)));
        assertThat(repository(registry, null).tags()).containsExactly("a", "b", "c");
    }

    @Test
    void aListOfTagsThatGoesInACircleOrElsewhereIsRefused() {
        String list = "/v2/some/thing/tags/list";
        for (String link : List.of(list, "http://127.0.0.1:1/", "//other/")) {
            registry.on(
                    "GET " + list,
                    _ -> Reply.json(200, "{\"tags\":[\"a\"]}").with("Link", "<%s>; rel=next".formatted(link)));
            assertThatThrownBy(() -> repository(registry, null).tags())
                    .as(link)
                    .isInstanceOf(RegistryException.Corrupt.class);
        }
    }

    @Test
    void aRepositoryWithoutTagsHasNone() throws IOException {
        registry.on("GET /v2/some/thing/tags/list", _ -> Reply.json(200, "{\"name\":\"some/thing\",\"tags\":null}"));
        assertThat(repository(registry, null).tags()).isEmpty();
    }
}
