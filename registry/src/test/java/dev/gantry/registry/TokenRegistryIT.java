package dev.gantry.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gantry.oci.Digest;
import dev.gantry.oci.ImageReference;
import dev.gantry.registry.FakeServer.Reply;
import dev.gantry.registry.FakeServer.Seen;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Against docker-registry that takes nothing but tokens, which a server in this test signs: for alice all that is
/// asked
/// for, for everybody else nothing.
class TokenRegistryIT {
    private static final TestImage IMAGE = TestImage.ofLayers(41, 1000, 300_000, 0);
    private static final Credentials ALICE = Credentials.of("alice", "wonderland");

    @TempDir
    Path directory;

    private PrivateKey key;
    private String certificate;
    private FakeServer tokens;
    private DockerRegistry registry;
    private RegistryClient client;

    @BeforeEach
    void start() throws Exception {
        Process openssl = new ProcessBuilder(
                        "openssl req -x509 -newkey rsa:2048 -nodes -keyout key -out crt -days 7 -subj /CN=tokens"
                                .split(" "))
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .start();
        String output = new String(openssl.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(openssl.waitFor()).as(output).isZero();
        key = KeyFactory.getInstance("RSA").generatePrivate(new PKCS8EncodedKeySpec(der("key")));
        certificate = Base64.getEncoder().encodeToString(der("crt"));
        tokens = new FakeServer().on("GET /token", this::token);
        registry = DockerRegistry.start(
                directory.resolve("registry"),
                Map.of(
                        "REGISTRY_AUTH", "token",
                        "REGISTRY_AUTH_TOKEN_REALM", "http://%s/token".formatted(tokens.authority()),
                        "REGISTRY_AUTH_TOKEN_SERVICE", "the-registry",
                        "REGISTRY_AUTH_TOKEN_ISSUER", "the-issuer",
                        "REGISTRY_AUTH_TOKEN_ROOTCERTBUNDLE",
                                directory.resolve("crt").toString()));
        client = new RegistryClient(RegistryFixture.config(), RegistryFixture.QUICK);
    }

    private byte[] der(String file) throws IOException {
        String text = Files.readString(directory.resolve(file));
        return Base64.getMimeDecoder().decode(text.replaceAll("-----[^-]+-----", ""));
    }

    private Reply token(Seen request) {
        List<String> access = new ArrayList<>();
        String query = request.path().substring(request.path().indexOf('?') + 1);
        for (String parameter : query.split("&", -1)) {
            if (parameter.startsWith("scope=") && Authorizer.basic(ALICE).equals(request.header("Authorization"))) {
                String[] scope = URLDecoder.decode(parameter.substring(6), StandardCharsets.UTF_8)
                        .split(":", -1);
                access.add("{\"type\":\"%s\",\"name\":\"%s\",\"actions\":[\"%s\"]}"
                        .formatted(scope[0], scope[1], scope[2].replace(",", "\",\"")));
            }
        }
        try {
            return Reply.json(200, "{\"token\":\"%s\",\"expires_in\":300}".formatted(signed(String.join(",", access))));
        } catch (GeneralSecurityException e) {
            return Reply.of(500, e.toString());
        }
    }

    private String signed(String access) throws GeneralSecurityException {
        long now = Instant.now().getEpochSecond();
        String content = encoded("{\"typ\":\"JWT\",\"alg\":\"RS256\",\"x5c\":[\"%s\"]}".formatted(certificate))
                + "."
                + encoded(
                        "{\"iss\":\"the-issuer\",\"sub\":\"\",\"aud\":\"the-registry\",\"exp\":%d,\"nbf\":%d,\"iat\":%d,\"jti\":\"1\",\"access\":[%s]}"
                                .formatted(now + 300, now - 10, now, access));
        Signature signature = Signature.getInstance("SHA256withRSA");
        signature.initSign(key);
        signature.update(content.getBytes(StandardCharsets.US_ASCII));
        return content + "." + Base64.getUrlEncoder().withoutPadding().encodeToString(signature.sign());
    }

    private static String encoded(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    @AfterEach
    void stop() throws IOException {
        client.close();
        registry.close();
        tokens.close();
    }

    private Repository open(String path, @Nullable Credentials credentials, Access access) throws IOException {
        return client.repository(
                ImageReference.parse("127.0.0.1:%d/%s".formatted(registry.port(), path)), credentials, access);
    }

    @Test
    void anImageIsPushedPulledAndMountedWithTokens() throws IOException {
        IMAGE.push(open("first", ALICE, Access.PUSH), "v1");
        Repository first = open("first", ALICE, Access.PULL);
        assertThat(first.manifest("v1").content()).isEqualTo(IMAGE.document());
        for (var blob : IMAGE.blobs().entrySet()) {
            assertThat(TestImage.read(first, blob.getKey())).isEqualTo(blob.getValue());
        }
        Repository second = open("second", ALICE, Access.PUSH);
        Digest layer = IMAGE.manifest().layers().getFirst().digest();
        assertThat(second.mount(layer, "first")).isTrue();
        assertThat(second.hasBlob(layer)).isTrue();

        // to push, to pull, to push to the second, and to read from the first along with it
        assertThat(tokens.seen()).hasSize(4);
    }

    @Test
    void whoIsNobodyIsDeniedInDockersWords() throws IOException {
        IMAGE.push(open("private", ALICE, Access.PUSH), "latest");
        assertThatThrownBy(() -> open("private", null, Access.PULL).manifest("latest"))
                .isInstanceOf(RegistryException.Denied.class)
                .hasMessageStartingWith("pull access denied for 127.0.0.1:%d/private, repository does not exist or may"
                                .formatted(registry.port())
                        + " require 'docker login': denied: ");
        assertThatThrownBy(() -> IMAGE.push(open("private", null, Access.PUSH), "latest"))
                .isInstanceOf(RegistryException.Denied.class);
    }
}
