package dev.gantry.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.gantry.oci.ImageReference;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Against docker-registry with TLS, client certificates and passwords. Nothing is insecure here, not even loopback.
class SecureRegistryIT {
    private static final TestImage IMAGE = TestImage.ofLayers(31, 1000, 200_000, 10);
    private static final Credentials ALICE = Credentials.of("alice", "wonderland");

    @TempDir
    static Path keys;

    @TempDir
    Path directory;

    @BeforeAll
    static void makeCertificates() throws Exception {
        shell("""
            openssl req -x509 -newkey rsa:2048 -nodes -keyout ca.key -out ca.crt -days 7 -subj /CN=ca
            sign() { openssl req -new -key $1.key -subj /CN=$1 -out $1.csr
                openssl x509 -req -in $1.csr -CA ca.crt -CAkey ca.key -CAcreateserial -days 7 -extfile $1.ext -out $1.crt; }
            echo 'subjectAltName=IP:127.0.0.1' > server.ext
            openssl genrsa -out server.key 2048; sign server
            echo 'subjectAltName=DNS:elsewhere' > other.ext
            openssl genrsa -out other.key 2048; sign other
            echo 'extendedKeyUsage=clientAuth' | tee pkcs8.ext pkcs1.ext > sec1.ext
            openssl genrsa -out pkcs8.key 2048; sign pkcs8
            openssl genrsa -traditional -out pkcs1.key 2048; sign pkcs1
            openssl ecparam -name prime256v1 -genkey -out sec1.key; sign sec1
            htpasswd -Bbn alice wonderland > htpasswd
            """);
    }

    private static void shell(String script) throws IOException, InterruptedException {
        Process process = new ProcessBuilder("/bin/bash", "-ec", script)
                .directory(keys.toFile())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
    }

    private static Map<String, String> tls(String certificate) {
        return new HashMap<>(Map.of(
                "REGISTRY_HTTP_TLS_CERTIFICATE",
                        keys.resolve(certificate + ".crt").toString(),
                "REGISTRY_HTTP_TLS_KEY", keys.resolve(certificate + ".key").toString()));
    }

    private DockerRegistry start(Map<String, String> settings) throws IOException {
        return DockerRegistry.start(directory, settings);
    }

    private RegistryClient client() {
        return new RegistryClient(
                RegistryFixture.config()
                        .withInsecureRegistries(List.of())
                        .withCertificateDirectories(List.of(directory.resolve("certs.d"))),
                RegistryFixture.QUICK);
    }

    private Path certificates(DockerRegistry registry) throws IOException {
        return Files.createDirectories(directory.resolve("certs.d/127.0.0.1:" + registry.port()));
    }

    private void trust(DockerRegistry registry) throws IOException {
        Files.copy(keys.resolve("ca.crt"), certificates(registry).resolve("ca.crt"));
    }

    private static Repository open(RegistryClient client, DockerRegistry registry, @Nullable Credentials credentials)
            throws IOException {
        return client.repository(
                ImageReference.parse("127.0.0.1:%d/safe/thing".formatted(registry.port())), credentials, Access.PUSH);
    }

    private static void pushAndPull(Repository repository) throws IOException {
        IMAGE.push(repository, "latest");
        assertThat(repository.manifest("latest").content()).isEqualTo(IMAGE.document());
        for (var blob : IMAGE.blobs().entrySet()) {
            assertThat(TestImage.read(repository, blob.getKey())).isEqualTo(blob.getValue());
        }
    }

    @Test
    void anAuthorityFromTheHostsFolderIsTrusted() throws IOException {
        try (DockerRegistry registry = start(tls("server"));
                RegistryClient client = client()) {
            assertThatThrownBy(() -> open(client, registry, null).tags())
                    .hasMessageEndingWith("x509: certificate signed by unknown authority");
            trust(registry);
            pushAndPull(open(client, registry, null));
        }
    }

    @Test
    void aCertificateForAnotherHostIsRefused() throws IOException {
        try (DockerRegistry registry = start(tls("other"));
                RegistryClient client = client()) {
            trust(registry);
            assertThatThrownBy(() -> open(client, registry, null).tags())
                    .isInstanceOf(RegistryException.Untrusted.class)
                    .hasMessageEndingWith("x509: certificate is not valid for 127.0.0.1");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"pkcs8", "pkcs1", "sec1"})
    void aClientCertificateSaysWhoWeAre(String format) throws IOException {
        Map<String, String> settings = tls("server");
        settings.put("REGISTRY_HTTP_TLS_CLIENTCAS", "[%s]".formatted(keys.resolve("ca.crt")));
        try (DockerRegistry registry = start(settings);
                RegistryClient client = client()) {
            trust(registry);
            requireRefusalForWantOfACertificate(
                    () -> open(client, registry, null).tags());
            Files.copy(keys.resolve(format + ".crt"), certificates(registry).resolve("client.cert"));
            assertThatThrownBy(() -> open(client, registry, null).tags())
                    .hasMessage("missing key client.key for client certificate client.cert."
                            + " CA certificates must use the extension .crt");
            Files.copy(keys.resolve(format + ".key"), certificates(registry).resolve("client.key"));
            pushAndPull(open(client, registry, null));
        }
    }

    /// With TLS 1.3 the server's alert comes after the handshake, and the end of the connection may overtake it.
    private static void requireRefusalForWantOfACertificate(ThrowingCallable call) {
        String message = "";
        for (int i = 0; i < 50 && !message.contains("certificate"); i++) {
            Throwable refusal = catchThrowable(call);
            assertThat(refusal).isInstanceOf(RegistryException.class);
            message = String.valueOf(refusal.getMessage());
        }
        assertThat(message).contains("certificate");
    }

    @Test
    void aPasswordIsWanted() throws IOException {
        Map<String, String> settings = tls("server");
        settings.putAll(Map.of(
                "REGISTRY_AUTH", "htpasswd",
                "REGISTRY_AUTH_HTPASSWD_REALM", "here",
                "REGISTRY_AUTH_HTPASSWD_PATH", keys.resolve("htpasswd").toString()));
        try (DockerRegistry registry = start(settings);
                RegistryClient client = client()) {
            trust(registry);
            String address = "127.0.0.1:" + registry.port();
            assertThatThrownBy(() -> open(client, registry, null).tags())
                    .isInstanceOf(RegistryException.Unauthorized.class)
                    .hasMessageEndingWith("no basic auth credentials");
            assertThatThrownBy(() -> open(client, registry, Credentials.of("alice", "wrong"))
                            .tags())
                    .isInstanceOf(RegistryException.Unauthorized.class)
                    .hasMessage("unauthorized: authentication required");
            assertThatThrownBy(() -> client.login(address, Credentials.of("alice", "wrong")))
                    .isInstanceOf(RegistryException.Unauthorized.class)
                    .hasMessage("login attempt to https://%s/v2/ failed with status: 401 Unauthorized", address);
            assertThat(client.login(address, ALICE)).isNull();
            pushAndPull(open(client, registry, ALICE));
        }
    }
}
