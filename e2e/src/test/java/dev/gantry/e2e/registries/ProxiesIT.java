package dev.gantry.e2e.registries;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.gantry.e2e.Client;
import dev.gantry.e2e.DaemonUnderTest;
import dev.gantry.e2e.EndToEnd;
import dev.gantry.e2e.EverySetup;
import dev.gantry.e2e.LocalRegistry;
import dev.gantry.e2e.Result;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// A daemon whose environment names a proxy that wants a password: who is asked through it, and that nobody gets to
/// know the password. Docker Hub and the plain registry are on this host, and only the proxy knows where.
@EverySetup
class ProxiesIT extends EndToEnd {
    private static final String PASSWORD = "pass word";
    private static final String LOGIN = "some%20body:pass%20word";
    private static final String NOWHERE = "registry.test:5000";

    private static LocalRegistry hub;
    private static LocalRegistry plain;
    private static ForwardProxy proxy;
    private static HostAddress address;

    @BeforeAll
    static void start() throws IOException {
        hub = LocalRegistry.encrypted("registry-1.docker.io");
        hub.add("library/original:1", Map.of("from", "hub\n"));
        plain = LocalRegistry.start();
        plain.add("team/thing:1", Map.of("from", "plain\n"));
        proxy = new ForwardProxy(
                "some body:" + PASSWORD, Map.of("registry-1.docker.io:443", hub.host(), NOWHERE, plain.host()));
        address = new HostAddress();
    }

    @AfterAll
    static void close() throws IOException {
        address.close();
        proxy.close();
        plain.close();
        hub.close();
    }

    /// @param more variables of its environment
    private DaemonUnderTest daemon(String login, Map<String, String> more, String... options) throws IOException {
        String url = "http://" + login + "@" + proxy.host();
        Map<String, String> environment = new HashMap<>(Map.of(
                "HTTP_PROXY",
                url,
                "HTTPS_PROXY",
                url,
                "SSL_CERT_FILE",
                hub.certificate().toString()));
        environment.putAll(more);
        return DaemonUnderTest.start(setup.daemon().kind(), environment, options);
    }

    private Result call(DaemonUnderTest daemon, String... words) throws IOException {
        Result result = new Client(setup.client().kind(), daemon).call(words);
        knowsNoPassword(daemon, result.out() + result.err());
        return result;
    }

    private static void knowsNoPassword(DaemonUnderTest daemon, String shown) {
        assertThat(shown + daemon.logTail()).doesNotContain(PASSWORD, "pass%20word", "nonsense", "c29tZSBib2R5");
    }

    private void pulls(DaemonUnderTest daemon, String image, String from) throws IOException {
        Result pull = call(daemon, "pull", image);
        assertThat(pull.exit()).as(() -> pull + "\n" + daemon.logTail()).isZero();
        assertThat(call(daemon, "run", "--rm", "--network", "none", image, "cat", "/from")
                        .out())
                .isEqualTo(from);
    }

    @Test
    void reachesRegistriesThroughTheProxy() throws IOException {
        try (DaemonUnderTest daemon = daemon(LOGIN, Map.of(), "-D", "--insecure-registry", NOWHERE)) {
            pulls(daemon, "original:1", "hub\n");
            assertThat(proxy.requests()).contains("CONNECT registry-1.docker.io:443");
            pulls(daemon, NOWHERE + "/team/thing:1", "plain\n");
            assertThat(proxy.requests())
                    .contains("GET http://" + NOWHERE + "/v2/", "CONNECT " + NOWHERE)
                    .anyMatch(request -> request.startsWith("GET http://" + NOWHERE + "/v2/team/thing/blobs/sha256:"));
            String sent = NOWHERE + "/" + newName() + ":1";
            assertThat(call(daemon, "tag", "original:1", sent).exit()).isZero();
            Result push = call(daemon, "push", sent);
            assertThat(push.exit()).as(push::toString).isZero();
            assertThat(plain.requests())
                    .anyMatch(request ->
                            request.startsWith("PUT /v2/" + sent.substring(NOWHERE.length() + 1, sent.length() - 2)));
            assertThat(call(daemon, "info").out())
                    .contains(" HTTP Proxy: http://xxxxx:xxxxx@" + proxy.host() + "\n")
                    .contains(" HTTPS Proxy: http://xxxxx:xxxxx@" + proxy.host() + "\n");
        }
    }

    @Test
    void prefersWhatFlagsSayToTheEnvironment() throws IOException {
        assumeTrue(setup.onGantry(), "beside: dockerd 20.10 has no such flags");
        String url = "http://" + LOGIN + "@" + proxy.host();
        Map<String, String> gone = Map.of("HTTPS_PROXY", "http://127.0.0.1:1", "NO_PROXY", "*");
        try (DaemonUnderTest daemon = daemon(LOGIN, gone, "--https-proxy", url, "--no-proxy", "example.test")) {
            pulls(daemon, "original:1", "hub\n");
            assertThat(call(daemon, "info").out())
                    .contains(" HTTPS Proxy: http://xxxxx:xxxxx@" + proxy.host() + "\n")
                    .contains(" No Proxy: example.test\n");
        }
    }

    @Test
    void goesStraightToWhatIsExcepted() throws IOException {
        String here = address.reach(plain.host());
        Map<String, String> exceptions = Map.of("NO_PROXY", "example.test," + address);
        try (DaemonUnderTest daemon = daemon(LOGIN, exceptions, "--insecure-registry", here)) {
            int before = proxy.requests().size();
            pulls(daemon, here + "/team/thing:1", "plain\n");
            // and to this host itself, always
            Result pull = call(daemon, "pull", plain.host() + "/team/thing:1");
            assertThat(pull.exit()).as(pull::toString).isZero();
            assertThat(proxy.requests()).hasSize(before);
            assertThat(call(daemon, "info").out()).contains(" No Proxy: example.test," + address + "\n");
        }
    }

    @Test
    void saysThatTheProxyDoesNotTakeThePassword() throws IOException {
        for (String login : new String[] {"some%20body:nonsense", "other:pass%20word"}) {
            try (DaemonUnderTest daemon = daemon(login, Map.of(), "-D", "--insecure-registry", NOWHERE)) {
                Result encrypted = call(daemon, "pull", "original:1");
                assertThat(encrypted.exit()).isEqualTo(1);
                assertThat(encrypted.err()).contains("Proxy Authentication Required");
                Result clear = call(daemon, "pull", NOWHERE + "/team/thing:1");
                assertThat(clear.exit()).isEqualTo(1);
                assertThat(clear.err()).contains(setup.onGantry() ? "Proxy Authentication Required" : "HTTP 407");
                knowsNoPassword(daemon, call(daemon, "info").out());
            }
        }
    }

    @Test
    void saysThatThereIsNoProxy() throws IOException {
        String gone = "http://" + LOGIN + "@127.0.0.1:1";
        try (DaemonUnderTest daemon = daemon(LOGIN, Map.of("HTTPS_PROXY", gone))) {
            Result pull = call(daemon, "pull", "original:1");
            assertThat(pull.exit()).isEqualTo(1);
            assertThat(pull.err()).contains("proxyconnect tcp: dial tcp 127.0.0.1:1: connect: connection refused");
        }
    }

    /// The daemon comes up, for the sake of its containers.
    @Test
    void saysWhichVariableIsNoProxy() throws IOException {
        String unfit = "http://some body:" + PASSWORD + "@proxy.test";
        try (DaemonUnderTest daemon = daemon(LOGIN, Map.of("HTTPS_PROXY", unfit))) {
            Result pull = call(daemon, "pull", "original:1");
            assertThat(pull.exit()).isEqualTo(1);
            // dockerd shows such a variable as it is
            if (setup.onGantry()) {
                assertThat(pull.err()).contains("HTTPS_PROXY is no URL of an http proxy");
                assertThat(call(daemon, "info").exit()).isZero();
            }
        }
    }
}
