package dev.gantry.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gantry.oci.ImageReference;
import dev.gantry.registry.FakeServer.Reply;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProxyTest extends RegistryFixture {
    private static final String TAGS = "GET http://registry.test/v2/some/thing/tags/list";

    private RegistryConfig through(String proxy) {
        return config().withInsecureRegistries(List.of("registry.test"))
                .withProxies(new ProxySettings(URI.create(proxy), URI.create(proxy), ""));
    }

    /// The proxy asks for a password; the registry behind it must not see it, and asks nobody.
    @Test
    void tellsTheProxyWhoAsks() throws IOException {
        FakeServer proxy = server().on("GET http://registry.test/v2/", _ -> Reply.of(200, "{}"))
                .on(TAGS, _ -> Reply.json(200, "{\"tags\": [\"one\"]}"));
        RegistryClient client = client(through("http://me:my%20secret@" + proxy.authority()), QUICK);
        assertThat(client.repository(ImageReference.parse("registry.test/some/thing"), null, Access.PULL)
                        .tags())
                .containsExactly("one");
        String expected =
                "Basic " + Base64.getEncoder().encodeToString("me:my secret".getBytes(StandardCharsets.UTF_8));
        assertThat(proxy.seen(TAGS))
                .isNotEmpty()
                .allSatisfy(request ->
                        assertThat(request.header("Proxy-Authorization")).isEqualTo(expected));
        // what is encrypted is asked for with CONNECT, and the password is for the proxy, too
        assertThat(proxy.seen().stream().filter(request -> request.method().equals("CONNECT")))
                .isNotEmpty()
                .allSatisfy(request ->
                        assertThat(request.header("Proxy-Authorization")).isEqualTo(expected));
    }

    private void refused(RegistryConfig config, String url, String reason) {
        assertThatThrownBy(() -> client(config, QUICK)
                        .repository(ImageReference.parse("registry.test/some/thing"), null, Access.PULL)
                        .manifest("latest"))
                .hasMessage("Get \"%s\": %s".formatted(url, reason));
    }

    /// What is insecure is tried with TLS first, and of two refusals the last one counts.
    @Test
    void saysWhyTheProxyRefuses() throws IOException {
        Reply wantsPassword = Reply.of(407, "").with("Proxy-Authenticate", "Basic realm=\"proxy\"");
        FakeServer proxy = server().on("CONNECT registry.test:443", _ -> wantsPassword)
                .on("GET http://registry.test/v2/", _ -> wantsPassword);
        RegistryConfig insecure = through("http://me:wrong@" + proxy.authority());
        refused(insecure, "http://registry.test/v2/", "Proxy Authentication Required");
        assertThat(proxy.seen()).hasSize(2);
        RegistryConfig secure = insecure.withInsecureRegistries(List.of());
        refused(secure, "https://registry.test/v2/", "Proxy Authentication Required");
        proxy.on("CONNECT registry.test:443", _ -> Reply.of(403, ""));
        refused(secure, "https://registry.test/v2/", "proxy answered 403 Forbidden");
    }

    @Test
    void saysThatThereIsNoProxy() {
        String reason = "proxyconnect tcp: dial tcp 127.0.0.1:1: connect: connection refused";
        refused(through("http://me:secret@127.0.0.1:1"), "http://registry.test/v2/", reason);
    }

    /// Whoever is shown the settings does not get to know the password, however it is written.
    @ParameterizedTest
    @CsvSource({
        "http://me:secret@proxy:3128, http://xxxxx:xxxxx@proxy:3128",
        "https://secret@proxy/, https://xxxxx:xxxxx@proxy/",
        "me:secret@proxy, xxxxx:xxxxx@proxy",
        "http://me:sec/ret@p@proxy:1, http://xxxxx:xxxxx@proxy:1",
        "'http://me:se cret@proxy:1', http://xxxxx:xxxxx@proxy:1",
        "socks5://me:secret@proxy, socks5://xxxxx:xxxxx@proxy",
        "http://proxy:3128/, http://proxy:3128/",
        "proxy:3128, proxy:3128"
    })
    void masksThePassword(String text, String shown) {
        assertThat(ProxySettings.masked(Map.of("HTTPS_PROXY", text), "HTTPS_PROXY"))
                .isEqualTo(shown);
        assertThat(ProxySettings.masked(Map.of("https_proxy", text), "HTTPS_PROXY"))
                .isEqualTo(shown);
    }

    /// Nor does who reads that they are none.
    @Test
    void namesAVariableThatIsNoProxy() {
        assertThatThrownBy(() -> ProxySettings.fromEnvironment(Map.of("HTTPS_PROXY", "http://me:sec ret@proxy")))
                .hasMessage("HTTPS_PROXY is no URL of an http proxy");
        assertThatThrownBy(() -> ProxySettings.fromEnvironment(Map.of("http_proxy", "socks5://me:secret@proxy")))
                .hasMessage("HTTP_PROXY is no URL of an http proxy");
    }

    @Test
    void tellsNobodyElse() throws IOException {
        FakeServer proxy = server();
        FakeServer registry = server().on("GET /v2/some/thing/tags/list", _ -> Reply.json(200, "{\"tags\": []}"));
        RegistryClient client = client(
                config().withProxies(new ProxySettings(URI.create("http://me:secret@" + proxy.authority()), null, "")),
                QUICK);
        // loopback is reached directly
        assertThat(client.repository(reference(registry), null, Access.PULL).tags())
                .isEmpty();
        assertThat(registry.seen())
                .isNotEmpty()
                .allSatisfy(request ->
                        assertThat(request.header("Proxy-Authorization")).isNull());
        assertThat(proxy.seen()).isEmpty();
    }
}
