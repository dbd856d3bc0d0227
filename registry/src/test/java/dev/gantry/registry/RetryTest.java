package dev.gantry.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gantry.registry.FakeServer.Reply;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What is tried again, how often, and in which words it is given up.
class RetryTest extends RegistryFixture {
    private static final String MANIFEST = "GET /v2/some/thing/manifests/latest";
    private static final TestImage IMAGE = TestImage.ofLayers(11, 100);

    private FakeServer registry;

    @BeforeEach
    void start() throws IOException {
        registry = server();
    }

    /// Answers so a number of times, and then as it should be.
    private void first(int times, Reply reply) {
        AtomicInteger left = new AtomicInteger(times);
        Reply manifest = Reply.of(200, IMAGE.document())
                .with("Content-Type", IMAGE.manifest().mediaType());
        registry.on(MANIFEST, _ -> left.getAndDecrement() > 0 ? reply : manifest);
    }

    private FetchedManifest fetch() throws IOException {
        return repository(registry, null).manifest("latest");
    }

    @Test
    void aServerInTroubleIsAskedAgain() throws IOException {
        first(3, Reply.of(503, "overloaded"));
        assertThat(fetch().content()).isEqualTo(IMAGE.document());
    }

    @Test
    void aServerThatStaysInTroubleIsGivenUp() {
        first(100, Reply.of(502, "bad"));
        assertThatThrownBy(this::fetch)
                .isInstanceOf(RegistryException.Refused.class)
                .hasMessage("received unexpected HTTP status: 502 Bad Gateway");
        assertThat(registry.seen(MANIFEST)).hasSize(QUICK.attempts());
    }

    @Test
    void aConnectionThatIsCutIsMadeAgain() throws IOException {
        first(2, Reply.of(200, IMAGE.document()).cutAfter(10));
        assertThat(fetch().content()).isEqualTo(IMAGE.document());
    }

    @Test
    void aRefusalIsFinal() {
        first(1, Reply.json(404, "{\"errors\":[{\"code\":\"NAME_UNKNOWN\"}]}"));
        assertThatThrownBy(this::fetch)
                .isInstanceOf(RegistryException.NotFound.class)
                .hasMessage("repository %s/some/thing not found: name unknown: repository name not known to registry"
                        .formatted(registry.authority()));
        assertThat(registry.seen(MANIFEST)).hasSize(1);
    }

    @Test
    void aRateLimitThatEndsSoonIsWaitedFor() throws IOException {
        first(1, Reply.of(429, "slow down").with("Retry-After", "1"));
        long start = System.nanoTime();
        assertThat(fetch().content()).isEqualTo(IMAGE.document());
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void aRateLimitThatEndsLateIsToldWithItsEnd() {
        first(
                1,
                Reply.json(
                                429,
                                "{\"errors\":[{\"code\":\"TOOMANYREQUESTS\",\"message\":\"You have reached your limit.\"}]}")
                        .with("Retry-After", "3600"));
        assertThatThrownBy(this::fetch)
                .isInstanceOfSatisfying(
                        RegistryException.TooManyRequests.class,
                        e -> assertThat(e.retryAfter()).isEqualTo(Duration.ofHours(1)))
                .hasMessage("toomanyrequests: You have reached your limit. (retry after 3600 s)");
        assertThat(registry.seen(MANIFEST)).hasSize(1);
    }

    @Test
    void whatARegistrySaysIsShortAndHasNoControlCharacters() {
        first(1, Reply.of(403, "\u001b[2Jno\r\n\u009bway " + "x".repeat(100_000)));
        assertThatThrownBy(this::fetch)
                .satisfies(e -> assertThat(e.getMessage())
                        .contains("denied: [2Jno way xxx")
                        .hasSizeLessThan(1300)
                        .doesNotContainPattern("\\p{Cc}"));
    }

    @Test
    void severalErrorsOfAPushAreToldAsDockerTellsThem() {
        registry.on(
                "PUT /v2/some/thing/manifests/latest",
                _ -> Reply.json(
                        400,
                        "{\"errors\":[{\"code\":\"MANIFEST_BLOB_UNKNOWN\"},{\"code\":\"STRANGE\",\"message\":\"m\"}]}"));
        assertThatThrownBy(() -> repository(registry, null).putManifest("latest", IMAGE.descriptor(), IMAGE.document()))
                .hasMessage("errors:\nmanifest blob unknown: blob unknown to registry\nunknown: m\n");
    }

    @Test
    void anUnknownHostIsNamed() {
        assertThatThrownBy(() -> client().repository(
                                dev.gantry.oci.ImageReference.parse("no-such-host.invalid/thing"), null, Access.PULL)
                        .manifest("latest"))
                .isInstanceOf(RegistryException.Unreachable.class)
                .hasMessage(
                        "Get \"https://no-such-host.invalid/v2/\": dial tcp: lookup no-such-host.invalid: no such host");
    }
}
