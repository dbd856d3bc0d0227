package dev.gantry.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gantry.oci.image.Descriptor;
import dev.gantry.registry.FakeServer.Reply;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A registry that leads somewhere else: what goes along, and what does not.
class RedirectsTest extends RegistryFixture {
    private static final TestImage IMAGE = TestImage.ofLayers(8, 5000);
    private static final Descriptor LAYER = IMAGE.manifest().layers().getFirst();
    private static final String BLOB = "GET /v2/some/thing/blobs/" + LAYER.digest();

    @TempDir
    static Path directory;

    private static TlsFiles tls;

    private FakeServer registry;
    private FakeServer elsewhere;

    @BeforeAll
    static void makeCertificate() throws Exception {
        tls = TlsFiles.create(directory);
    }

    @BeforeEach
    void start() throws IOException {
        registry = server();
        elsewhere = server();
        elsewhere.on("GET /storage", _ -> Reply.of(200, IMAGE.blobs().get(LAYER)));
    }

    private static Reply to(String location) {
        return Reply.of(307, "").with("Location", location);
    }

    private void wantBasic() {
        Reply challenge = Reply.of(401, "").with("WWW-Authenticate", "Basic realm=\"here\"");
        registry.on("GET /v2/", _ -> challenge);
    }

    /// A registry on loopback that counts as secure: with TLS, a trusted certificate, and no insecure hosts.
    private FakeServer secureRegistry() throws IOException {
        FakeServer server = closed(FakeServer.withTls(tls.context()));
        tls.trust(directory, server.authority());
        return server;
    }

    private Repository secureRepository(FakeServer server) throws IOException {
        RegistryConfig strict =
                config().withInsecureRegistries(List.of()).withCertificateDirectories(List.of(directory));
        return client(strict, QUICK).repository(reference(server), ALICE, Access.PULL);
    }

    // CVE-2020-15157, GO-2022-0803: credentials of the registry were sent to where a blob's URL led
    @Test
    void credentialsDoNotFollowARedirectToAnotherHost() throws IOException {
        wantBasic();
        registry.on(BLOB, _ -> to("http://%s/storage?signature=s".formatted(elsewhere.authority())));

        assertThat(TestImage.read(repository(registry, ALICE), LAYER))
                .isEqualTo(IMAGE.blobs().get(LAYER));
        assertThat(registry.seen(BLOB).getFirst().header("Authorization")).startsWith("Basic ");
        assertThat(elsewhere.seen().getFirst().header("Authorization")).isNull();
    }

    // CVE-2020-15157
    @Test
    void credentialsThatARedirectHasLeftBehindDoNotComeBackWithTheNext() throws IOException {
        wantBasic();
        registry.on(BLOB, _ -> to("http://%s/there".formatted(elsewhere.authority())));
        elsewhere.on("GET /there", _ -> to("http://%s/and/back".formatted(registry.authority())));
        registry.on("GET /and/back", _ -> Reply.of(200, IMAGE.blobs().get(LAYER)));

        assertThat(TestImage.read(repository(registry, ALICE), LAYER)).hasSize(5000);
        assertThat(registry.seen("GET /and/back").getFirst().header("Authorization"))
                .isNull();
    }

    // CVE-2020-15157: containerd answered the challenge of whatever host a redirect had led to
    @Test
    void aChallengeOfAnotherHostIsNotAnswered() throws IOException {
        registry.on(BLOB, _ -> to("http://%s/storage".formatted(elsewhere.authority())));
        for (String challenge : List.of(
                "Basic realm=\"give me\"", "Bearer realm=\"http://%s/token\"".formatted(elsewhere.authority()))) {
            elsewhere.on("GET /storage", _ -> Reply.of(401, "").with("WWW-Authenticate", challenge));
            assertThatThrownBy(() -> TestImage.read(repository(registry, ALICE), LAYER))
                    .isInstanceOf(RegistryException.class);
        }
        assertThat(elsewhere.seen()).hasSize(2).noneMatch(seen -> seen.header("Authorization") != null);
    }

    // CVE-2026-33540: the realm of a challenge was believed wherever it came from
    @Test
    void aChallengeThatTheFirstRequestWasLedToIsNotAnswered() throws IOException {
        registry.on("GET /v2/", _ -> to("http://%s/v2/".formatted(elsewhere.authority())));
        elsewhere.on(
                "GET /v2/",
                _ -> Reply.of(401, "")
                        .with("WWW-Authenticate", "Bearer realm=\"http://%s/token\"".formatted(elsewhere.authority())));
        serve(registry, IMAGE);

        repository(registry, ALICE).manifest("latest");
        assertThat(elsewhere.seen("GET /token")).isEmpty();
        assertThat(elsewhere.seen()).noneMatch(seen -> seen.header("Authorization") != null);
    }

    // CVE-2026-33540
    @Test
    void aTokenServerWithoutTlsIsNotAskedForASecureRegistry() throws IOException {
        FakeServer secure = secureRegistry();
        secure.on(
                "GET /v2/",
                _ -> Reply.of(401, "")
                        .with("WWW-Authenticate", "Bearer realm=\"http://%s/token\"".formatted(elsewhere.authority())));

        assertThatThrownBy(() -> secureRepository(secure).manifest("latest"))
                .isInstanceOf(RegistryException.Untrusted.class)
                .hasMessageContaining("refused to ask for a token without TLS");
        assertThat(elsewhere.seen()).isEmpty();
    }

    @Test
    void encryptionIsNotGivenUpByARedirect() throws IOException {
        FakeServer secure = secureRegistry();
        secure.on(BLOB, _ -> to("http://%s/storage".formatted(elsewhere.authority())));

        assertThatThrownBy(() -> TestImage.read(secureRepository(secure), LAYER))
                .isInstanceOf(RegistryException.Untrusted.class)
                .hasMessageContaining("refused to go on without TLS");
        assertThat(elsewhere.seen()).isEmpty();
    }

    @Test
    void anUploadsPlaceAtAnotherHostGetsNoCredentials() throws IOException {
        wantBasic();
        registry.on(
                "POST /v2/some/thing/blobs/uploads/",
                _ -> Reply.of(202, "").with("Location", "http://%s/put?state=x".formatted(elsewhere.authority())));
        elsewhere.on("PUT /put", _ -> Reply.of(201, ""));
        byte[] content = IMAGE.blobs().get(LAYER);

        client().repository(reference(registry), ALICE, Access.PUSH)
                .upload(LAYER, () -> new java.io.ByteArrayInputStream(content), TestImage.NOBODY);
        assertThat(elsewhere.seen().getFirst().header("Authorization")).isNull();
        assertThat(elsewhere.seen().getFirst().path()).startsWith("/put?state=x&digest=sha256%3A");
    }

    // what an internal server says must not come back in a message
    @Test
    void whatAnotherHostAnswersIsNotRepeated() {
        registry.on(BLOB, _ -> to("http://%s/secret".formatted(elsewhere.authority())));
        elsewhere.on("GET /secret", _ -> Reply.of(403, "the secret"));

        assertThatThrownBy(() -> TestImage.read(repository(registry, null), LAYER))
                .hasMessage("127.0.0.1, where the registry redirected to, answered with HTTP status: 403 Forbidden");
    }

    @Test
    void aCircleOfRedirectsEnds() {
        registry.on(BLOB, _ -> to(BLOB.substring(4)));
        assertThatThrownBy(() -> TestImage.read(repository(registry, null), LAYER))
                .hasMessageEndingWith("stopped after 10 redirects");
        assertThat(registry.seen(BLOB)).hasSize(11);
    }

    @Test
    void aRedirectToSomethingElseThanHttpIsRefused() {
        for (String location :
                List.of("file:///etc/passwd", "ftp://host/x", "http://user:pw@host/", "http:///", "::")) {
            registry.on(BLOB, _ -> to(location));
            assertThatThrownBy(() -> TestImage.read(repository(registry, null), LAYER))
                    .as(location)
                    .isInstanceOf(RegistryException.Corrupt.class)
                    .hasMessageEndingWith("no usable location in the answer");
        }
    }

    @Test
    void anUnknownAuthorityIsRefusedInDockersWords() throws IOException {
        FakeServer unknown = closed(FakeServer.withTls(tls.context()));
        assertThatThrownBy(() -> secureRepository(unknown).manifest("latest"))
                .isInstanceOf(RegistryException.Untrusted.class)
                .hasMessage("Get \"https://%s/v2/\": tls: failed to verify certificate: x509: certificate signed by"
                                .formatted(unknown.authority())
                        + " unknown authority");
    }

    @Test
    void aServerWithoutTlsIsRefusedInDockersWords() {
        assertThatThrownBy(() -> secureRepository(registry).manifest("latest"))
                .isInstanceOf(RegistryException.Untrusted.class)
                .hasMessage("Get \"https://%s/v2/\": http: server gave HTTP response to HTTPS client"
                        .formatted(registry.authority()));
    }

    @Test
    void anInsecureRegistryNeedsNoValidCertificate() throws IOException {
        FakeServer unknown = closed(FakeServer.withTls(tls.context()));
        serve(unknown, IMAGE);
        assertThat(repository(unknown, null).manifest("latest").content()).isEqualTo(IMAGE.document());
    }
}
