package dev.gantry.e2e.registries;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gantry.e2e.Client;
import dev.gantry.e2e.ClientKind;
import dev.gantry.e2e.Command;
import dev.gantry.e2e.DaemonKind;
import dev.gantry.e2e.DaemonUnderTest;
import dev.gantry.e2e.EndToEnd;
import dev.gantry.e2e.EveryDaemon;
import dev.gantry.e2e.LocalRegistry;
import dev.gantry.e2e.Result;
import dev.gantry.e2e.Waiting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `--registry-mirror` and `--insecure-registry`, and the same in daemon.json. Docker Hub is one of docker-registry,
/// which is reached through a proxy.
@EveryDaemon
class RegistryFlagsIT extends EndToEnd {
    private static final String LOGIN = "somebody:secret";

    private static LocalRegistry hub;
    private static LocalRegistry mirror;
    private static ForwardProxy proxy;
    private static HostAddress address;

    @TempDir
    private Path directory;

    @BeforeAll
    static void start() throws IOException {
        hub = LocalRegistry.encrypted("registry-1.docker.io");
        hub.add("library/original:1", Map.of("from", "hub\n"));
        hub.add("library/both:1", Map.of("from", "hub\n"));
        mirror = LocalRegistry.start();
        mirror.add("library/both:1", Map.of("from", "mirror\n"));
        proxy = new ForwardProxy(LOGIN, Map.of("registry-1.docker.io:443", hub.host()));
        address = new HostAddress();
    }

    @AfterAll
    static void close() throws IOException {
        address.close();
        proxy.close();
        mirror.close();
        hub.close();
    }

    /// A daemon of the same kind, to which Docker Hub is the test's own.
    private DaemonUnderTest daemon(String... options) throws IOException {
        Map<String, String> environment = Map.of(
                "HTTPS_PROXY",
                "http://" + LOGIN + "@" + proxy.host(),
                "SSL_CERT_FILE",
                hub.certificate().toString());
        return DaemonUnderTest.start(setup.daemon().kind(), environment, options);
    }

    private static Result docker(DaemonUnderTest daemon, String... words) throws IOException {
        return new Client(ClientKind.DOCKER, daemon).call(words);
    }

    private static String pulled(DaemonUnderTest daemon, String image) throws IOException {
        Result pull = docker(daemon, "pull", image);
        assertThat(pull.exit()).as(() -> pull + "\n" + daemon.logTail()).isZero();
        assertThat(pull.out()).contains("Status: Downloaded newer image for " + image + "\n");
        Result run = docker(daemon, "run", "--rm", "--network", "none", image, "cat", "/from");
        assertThat(run.exit()).as(run::toString).isZero();
        return run.out();
    }

    @Test
    void takesFromAMirrorWhatItHas() throws IOException {
        try (DaemonUnderTest daemon = daemon("--registry-mirror", "http://" + mirror.host())) {
            int before = proxy.requests().size();
            assertThat(pulled(daemon, "both:1")).isEqualTo("mirror\n");
            assertThat(proxy.requests()).hasSize(before);
            // it is an image of Docker Hub's all the same
            assertThat(docker(daemon, "image", "inspect", "-f", "{{.RepoDigests}}", "both:1")
                            .out())
                    .startsWith("[both@sha256:");
            assertThat(pulled(daemon, "original:1")).isEqualTo("hub\n");
        }
    }

    @Test
    void asksDockerHubWhereNoMirrorAnswers() throws IOException {
        try (DaemonUnderTest daemon = daemon(
                "--registry-mirror", "http://127.0.0.1:1", "--registry-mirror", "http://" + mirror.host() + "/")) {
            assertThat(pulled(daemon, "both:1")).isEqualTo("mirror\n");
        }
        try (DaemonUnderTest daemon = daemon("--registry-mirror", "http://127.0.0.1:1")) {
            assertThat(pulled(daemon, "both:1")).isEqualTo("hub\n");
            Result none = docker(daemon, "pull", "nothing:1");
            assertThat(none.exit()).isEqualTo(1);
            assertThat(none.err()).contains("manifest for nothing:1 not found: manifest unknown");
        }
    }

    @Test
    void doesNotSpeakInTheClearToAnybodyButItself() throws IOException {
        String plain = address.reach(mirror.host()) + "/library/both:1";
        String untrusted = address.reach(hub.host()) + "/library/both:1";
        try (DaemonUnderTest daemon = DaemonUnderTest.start(setup.daemon().kind())) {
            assertThat(pulled(daemon, mirror.host() + "/library/both:1")).isEqualTo("mirror\n");
            assertThat(refused(daemon, plain)).contains("http: server gave HTTP response to HTTPS client");
            assertThat(refused(daemon, untrusted)).contains("x509: ");
        }
        try (DaemonUnderTest daemon = DaemonUnderTest.start(
                setup.daemon().kind(), "--insecure-registry", plain.substring(0, plain.indexOf('/')))) {
            assertThat(pulled(daemon, plain)).isEqualTo("mirror\n");
            assertThat(refused(daemon, untrusted)).contains("x509: ");
        }
        try (DaemonUnderTest daemon =
                DaemonUnderTest.start(setup.daemon().kind(), "--insecure-registry", "203.0.113.0/24")) {
            assertThat(pulled(daemon, plain)).isEqualTo("mirror\n");
            assertThat(pulled(daemon, untrusted)).isEqualTo("hub\n");
        }
    }

    private static String refused(DaemonUnderTest daemon, String image) throws IOException {
        Result result = docker(daemon, "pull", image);
        assertThat(result.exit()).as(result::toString).isEqualTo(1);
        return result.err();
    }

    /// The stock client and Gantry's show the same.
    @Test
    void readsThemFromAFileAndShowsThem() throws IOException {
        String plain = address.reach(mirror.host());
        Path file = Files.writeString(
                directory.resolve("daemon.json"),
                "{\"registry-mirrors\": [\"http://%s\"], \"insecure-registries\": [\"10.0.0.0/8\", \"%s\"]}"
                        .formatted(mirror.host(), plain));
        try (DaemonUnderTest daemon = daemon("--config-file", file.toString())) {
            assertThat(pulled(daemon, "both:1")).isEqualTo("mirror\n");
            assertThat(pulled(daemon, plain + "/library/both:1")).isEqualTo("mirror\n");
            String shown = docker(daemon, "info").out();
            assertThat(shown)
                    .contains(" HTTPS Proxy: http://xxxxx:xxxxx@" + proxy.host() + "\n")
                    .contains(" Insecure Registries:\n  " + plain + "\n  10.0.0.0/8\n  127.0.0.0/8\n")
                    .contains(" Registry Mirrors:\n  http://" + mirror.host() + "/\n")
                    .doesNotContain("secret");
            if (setup.onGantry()) {
                assertThat(new Client(ClientKind.GANTRY, daemon).call("info").out())
                        .contains(shown.substring(shown.indexOf(" HTTPS Proxy:"), shown.indexOf(" Live Restore")));
            }
            assertThat(daemon.logTail()).doesNotContain("secret");
        }
    }

    @Test
    void readsThemAgainOnHangup() throws IOException {
        String plain = address.reach(mirror.host());
        Path file = Files.writeString(directory.resolve("daemon.json"), "{}");
        try (DaemonUnderTest daemon = DaemonUnderTest.start(setup.daemon().kind(), "--config-file", file.toString())) {
            assertThat(refused(daemon, plain + "/library/both:1")).contains("server gave HTTP response to HTTPS");
            reload(daemon, file, "{\"registry-mirrors\": [\"http://user:secret@mirror.test\"]}");
            Waiting.until(
                    () -> daemon.logTail().contains("username/password not allowed"), () -> "not said what is wrong");
            assertThat(docker(daemon, "info").out()).doesNotContain("Registry Mirrors");
            reload(
                    daemon,
                    file,
                    "{\"registry-mirrors\": [\"http://%s\"], \"insecure-registries\": [\"%s\"]}"
                            .formatted(mirror.host(), plain));
            String shown = " Registry Mirrors:\n  http://" + mirror.host() + "/\n";
            Waiting.until(() -> docker(daemon, "info").out().contains(shown), () -> "not reloaded");
            assertThat(pulled(daemon, plain + "/library/both:1")).isEqualTo("mirror\n");
            assertThat(pulled(daemon, "both:1")).isEqualTo("mirror\n");
        }
    }

    private static void reload(DaemonUnderTest daemon, Path file, String content) throws IOException {
        Files.writeString(file, content);
        Result kill = Command.run(List.of("kill", "-s", "HUP", Long.toString(daemon.pid())), Map.of());
        assertThat(kill.exit()).as(kill::toString).isZero();
    }

    /// At once, not with the first pull.
    @Test
    void refusesWhatIsNoMirrorOrRegistry() {
        for (List<String> wrong : List.of(
                List.of("--registry-mirror", "ftp://mirror.test", "invalid mirror: unsupported scheme \"ftp\""),
                List.of("--registry-mirror", "mirror.test", "invalid mirror: unsupported scheme \"\""),
                List.of("--registry-mirror", "http://a:secret@mirror.test", "username/password not allowed in URI"),
                List.of("--registry-mirror", "http://mirror.test/?x", "invalid mirror: "),
                List.of("--insecure-registry", "a/b", "insecure registry a/b is not valid: invalid host \"a/b\""),
                List.of("--insecure-registry", "1.2.3.4/99", "insecure registry 1.2.3.4/99 is not valid"),
                List.of("--insecure-registry", "host:99999", "insecure registry host:99999 is not valid"))) {
            DaemonKind kind = setup.daemon().kind();
            assertThatThrownBy(() -> DaemonUnderTest.start(kind, wrong.get(0), wrong.get(1))
                            .close())
                    .rootCause()
                    .hasMessageContaining(wrong.getLast())
                    // dockerd repeats the flag
                    .satisfies(e -> assertThat(e.getMessage().contains("secret") && kind == DaemonKind.GANTRY)
                            .isFalse());
        }
    }
}
