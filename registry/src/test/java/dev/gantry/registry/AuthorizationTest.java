package dev.gantry.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gantry.oci.ImageReference;
import dev.gantry.registry.FakeServer.Reply;
import dev.gantry.registry.FakeServer.Seen;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Who is told what about the user.
class AuthorizationTest extends RegistryFixture {
    private static final String MANIFEST = "GET /v2/some/thing/manifests/latest";
    private static final TestImage IMAGE = TestImage.ofLayers(7, 2000, 3000);
    private static final String BASIC_ALICE = "Basic YWxpY2U6d29uZGVyOmxhbmQ=";

    private FakeServer registry;
    private FakeServer tokens;

    @BeforeEach
    void start() throws IOException {
        registry = server();
        tokens = server();
        serve(registry, IMAGE);
    }

    /// Lets the registry take nothing but `Bearer token-N`, N being what was given last.
    private void wantToken() {
        AtomicInteger given = new AtomicInteger();
        Reply challenge = Reply.json(401, "{\"errors\":[{\"code\":\"UNAUTHORIZED\"}]}")
                .with(
                        "WWW-Authenticate",
                        "Bearer realm=\"http://%s/token\",service=\"the registry\"".formatted(tokens.authority()));
        registry.on("GET /v2/", _ -> challenge);
        Reply manifest = Reply.of(200, IMAGE.document())
                .with("Content-Type", IMAGE.manifest().mediaType());
        registry.on(
                MANIFEST,
                request ->
                        ("Bearer token-" + given.get()).equals(request.header("Authorization")) ? manifest : challenge);
        tokens.on(
                "GET /token",
                _ -> Reply.json(200, "{\"token\":\"token-%d\",\"expires_in\":300}".formatted(given.incrementAndGet())));
        tokens.on(
                "POST /token",
                _ -> Reply.json(200, "{\"access_token\":\"token-%d\"}".formatted(given.incrementAndGet())));
    }

    private void wantBasic() {
        Reply challenge = Reply.json(401, "{\"errors\":[{\"code\":\"UNAUTHORIZED\"}]}")
                .with("WWW-Authenticate", "Basic realm=\"here\"");
        registry.on("GET /v2/", _ -> challenge);
        Reply manifest = Reply.of(200, IMAGE.document())
                .with("Content-Type", IMAGE.manifest().mediaType());
        registry.on(MANIFEST, request -> BASIC_ALICE.equals(request.header("Authorization")) ? manifest : challenge);
    }

    @Test
    void nobodyInParticularGetsATokenForTheRepository() throws IOException {
        wantToken();
        repository(registry, null).manifest("latest");

        Seen request = tokens.seen().getFirst();
        assertThat(request.path()).isEqualTo("/token?service=the+registry&scope=repository%3Asome%2Fthing%3Apull");
        assertThat(request.header("Authorization")).isNull();
        assertThat(registry.seen()).extracting(Seen::method, Seen::path).hasSize(2);
    }

    @Test
    void aPasswordGoesToTheTokenServerAndNotToTheRegistry() throws IOException {
        wantToken();
        repository(registry, ALICE).manifest("latest");

        Seen request = tokens.seen().getFirst();
        assertThat(request.header("Authorization")).isEqualTo(BASIC_ALICE);
        assertThat(request.path()).endsWith("&account=alice");
        assertThat(registry.seen())
                .extracting(seen -> seen.header("Authorization"))
                .containsExactly(null, "Bearer token-1");
    }

    @Test
    void anIdentityTokenIsPostedInPlaceOfAPassword() throws IOException {
        wantToken();
        repository(registry, new Credentials("alice", "", "refresh me", null)).manifest("latest");

        Seen request = tokens.seen("POST /token").getFirst();
        assertThat(request.body())
                .isEqualTo("grant_type=refresh_token&refresh_token=refresh+me&client_id=docker"
                        + "&service=the+registry&scope=repository%3Asome%2Fthing%3Apull");
        assertThat(request.header("Authorization")).isNull();
    }

    @Test
    void aRegistryTokenIsSentAsItIs() throws IOException {
        wantToken();
        registry.on(MANIFEST, request -> {
            assertThat(request.header("Authorization")).isEqualTo("Bearer mine");
            return Reply.of(200, IMAGE.document())
                    .with("Content-Type", IMAGE.manifest().mediaType());
        });
        repository(registry, new Credentials("", "", null, "mine")).manifest("latest");
        assertThat(tokens.seen()).isEmpty();
    }

    @Test
    void oneTokenIsEnoughForAllWhoAskAtTheSameTime() throws Exception {
        wantToken();
        Repository repository = repository(registry, ALICE);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> pulls = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                pulls.add(threads.submit(() -> repository.manifest("latest")));
            }
            for (Future<?> pull : pulls) {
                pull.get();
            }
        }
        assertThat(tokens.seen()).hasSize(1);
    }

    @Test
    void aTokenThatIsNoLongerTakenIsReplaced() throws IOException {
        wantToken();
        Repository repository = repository(registry, ALICE);
        repository.manifest("latest");
        // somebody else's request makes ours invalid
        try (RegistryClient other = new RegistryClient(config(), QUICK)) {
            other.repository(reference(registry), null, Access.PULL).manifest("latest");
        }
        assertThat(repository.manifest("latest").content()).isEqualTo(IMAGE.document());
        assertThat(tokens.seen()).hasSize(3);
    }

    @Test
    void aTokenIsAskedForOnceWhenTheRegistryTakesNone() throws IOException {
        wantToken();
        registry.on(
                MANIFEST,
                _ -> Reply.json(401, "{\"errors\":[{\"code\":\"UNAUTHORIZED\"}]}")
                        .with(
                                "WWW-Authenticate",
                                "Bearer realm=\"http://%s/token\",error=\"insufficient_scope\""
                                        .formatted(tokens.authority())));
        assertThatThrownBy(() -> repository(registry, ALICE).manifest("latest"))
                .isInstanceOf(RegistryException.Denied.class)
                .hasMessage("pull access denied for %s/some/thing, repository does not exist or may require"
                                .formatted(registry.authority())
                        + " 'docker login': denied: requested access to the resource is denied");
        assertThat(tokens.seen()).hasSize(1);
    }

    @Test
    void aPasswordIsSentToARegistryThatAsksForIt() throws IOException {
        wantBasic();
        assertThat(repository(registry, ALICE).manifest("latest").content()).isEqualTo(IMAGE.document());
        assertThat(registry.seen().getFirst().header("Authorization")).isNull();
    }

    @Test
    void withoutAPasswordARegistryThatAsksForItIsNotAnswered() {
        wantBasic();
        assertThatThrownBy(() -> repository(registry, null).manifest("latest"))
                .isInstanceOf(RegistryException.Unauthorized.class)
                .hasMessage("Get \"http://%s/v2/\": no basic auth credentials".formatted(registry.authority()));
    }

    @Test
    void aMirrorIsAskedFirstAndGetsNoCredentials() throws IOException {
        serveAsMirror();
        RegistryClient client = client(
                config().withMirrors(List.of(java.net.URI.create("http://" + registry.authority() + "/cache/"))),
                QUICK);
        Repository hub = client.repository(ImageReference.parse("some/thing"), ALICE, Access.PULL);

        assertThat(hub.manifest("latest").content()).isEqualTo(IMAGE.document());
        assertThat(registry.seen()).hasSize(2).noneMatch(seen -> seen.header("Authorization") != null);
    }

    private void serveAsMirror() {
        registry.on("GET /cache/v2/", _ -> Reply.of(200, "{}"));
        registry.on(
                "GET /cache/v2/some/thing/manifests/latest",
                _ -> Reply.of(200, IMAGE.document())
                        .with("Content-Type", IMAGE.manifest().mediaType()));
    }

    @Test
    void secretsAreNotPrinted() {
        assertThat(new Credentials("alice", "secret", "secret", "secret").toString())
                .contains("alice")
                .doesNotContain("secret");
    }

    @Test
    void anAnswerWithoutATokenIsRefused() {
        wantToken();
        tokens.on("GET /token", _ -> Reply.json(200, "{\"token\":\"a\\r\\nX-Other: b\"}"));
        assertThatThrownBy(() -> repository(registry, null).manifest("latest"))
                .isInstanceOf(RegistryException.Corrupt.class)
                .hasMessage("authorization server did not include a token in the response");
    }

    @Test
    void aTokenOfAMegabyteIsRefused() {
        wantToken();
        tokens.on("GET /token", _ -> Reply.json(200, "{\"token\":\"%s\"}".formatted("a".repeat(2 << 20))));
        assertThatThrownBy(() -> repository(registry, null).manifest("latest"))
                .hasMessageContaining("more than 1048576 bytes");
    }

    @Test
    void loginGivesTheIdentityToken() throws IOException {
        wantToken();
        registry.on(
                "GET /v2/",
                request -> "Bearer token-9".equals(request.header("Authorization"))
                        ? Reply.of(200, "{}")
                        : Reply.of(401, "")
                                .with(
                                        "WWW-Authenticate",
                                        "Bearer realm=\"http://%s/token\",service=\"s\""
                                                .formatted(tokens.authority())));
        tokens.on("GET /token", _ -> Reply.json(200, "{\"token\":\"token-9\",\"refresh_token\":\"identity\"}"));

        assertThat(client().login(registry.authority(), ALICE)).isEqualTo("identity");
        assertThat(tokens.seen().getFirst().path())
                .isEqualTo("/token?service=s&offline_token=true&client_id=docker&account=alice");
    }

    @Test
    void loginWithAWrongPasswordIsRefusedInDockersWords() {
        wantToken();
        tokens.on("GET /token", _ -> Reply.json(401, "{\"details\":\"incorrect username or password\"}"));
        assertThatThrownBy(() -> client().login(registry.authority(), ALICE))
                .isInstanceOf(RegistryException.Unauthorized.class)
                .hasMessage("Get \"http://%s/v2/\": unauthorized: incorrect username or password"
                        .formatted(registry.authority()));
    }
}
