package dev.gantry.oci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ImageReferenceTest {
    private static final String HEX = "0123456789abcdef".repeat(4);

    // the cases of Docker's own normalisation tests (distribution/reference, normalize_test.go), and some more
    @ParameterizedTest
    @CsvSource({
        "busybox, docker.io/library/busybox, busybox",
        "library/busybox, docker.io/library/busybox, busybox",
        "docker.io/busybox, docker.io/library/busybox, busybox",
        "docker.io/library/busybox:1, docker.io/library/busybox:1, busybox:1",
        "index.docker.io/busybox, docker.io/library/busybox, busybox",
        "library/foo/bar, docker.io/library/foo/bar, library/foo/bar",
        "someone/thing:v1, docker.io/someone/thing:v1, someone/thing:v1",
        "localhost/thing, localhost/thing, localhost/thing",
        "localhost:5000/thing, localhost:5000/thing, localhost:5000/thing",
        "localhost:5000, docker.io/library/localhost:5000, localhost:5000",
        "127.0.0.1:5000/a/b:t, 127.0.0.1:5000/a/b:t, 127.0.0.1:5000/a/b:t",
        "[2001:db8::1]:5000/a, [2001:db8::1]:5000/a, [2001:db8::1]:5000/a",
        "Uppercase/thing, Uppercase/thing, Uppercase/thing",
        "a__b/c-d.e--f, docker.io/a__b/c-d.e--f, a__b/c-d.e--f",
        // Docker shows these without their domain, which is another registry's, or an ID
        "docker.io/quay.io/thing, docker.io/quay.io/thing, docker.io/quay.io/thing",
        "docker.io/library/0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef,"
                + "docker.io/library/0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef,"
                + "docker.io/library/0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
    })
    void normalisesAndShortens(String text, String full, String familiar) throws MalformedException {
        ImageReference reference = ImageReference.parse(text);
        assertThat(reference).hasToString(full);
        assertThat(reference.familiar()).isEqualTo(familiar);
        assertThat(ImageReference.parse(full)).isEqualTo(reference);
        assertThat(ImageReference.parse(familiar)).isEqualTo(reference);
    }

    @Test
    void readsTagAndDigest() throws MalformedException {
        ImageReference reference = ImageReference.parse("busybox:1.36@sha256:" + HEX);
        assertThat(reference.tag()).isEqualTo("1.36");
        assertThat(reference.digest()).isEqualTo(Digest.sha256(HEX));
        assertThat(reference.familiar()).isEqualTo("busybox:1.36@sha256:" + HEX);
        assertThat(reference.withDefaultTag()).isEqualTo(reference);
        assertThat(ImageReference.parse("busybox").withDefaultTag().tag()).isEqualTo("latest");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "a//b",
                "/a",
                "a/",
                "a___b",
                "a..b",
                "-a",
                "a-",
                "a:",
                "a:-x",
                "a@",
                "a b",
                "a\n",
                "a:b:c",
                "../a",
                "a/../b",
                "äpfel",
                "a/b@x@y",
                "[::1/a",
                "host.:80/a",
                "a/b:t\u0000",
                "https://example.org/a"
            })
    void refusesWhatTheGrammarDoesNotKnow(String text) {
        assertThatThrownBy(() -> ImageReference.parse(text))
                .isInstanceOf(MalformedException.class)
                .hasMessageStartingWith("invalid reference format");
    }

    @Test
    void namesTheCauseInDockersWords() {
        assertThatThrownBy(() -> ImageReference.parse("Busybox"))
                .hasMessage("invalid reference format: repository name (library/Busybox) must be lowercase");
        assertThatThrownBy(() -> ImageReference.parse(HEX))
                .hasMessage("invalid repository name (%s), cannot specify 64-byte hexadecimal strings", HEX);
        assertThatThrownBy(() -> ImageReference.parse("a/" + "b".repeat(254)))
                .hasMessage("repository name must not be more than 255 characters");
        assertThatThrownBy(() -> ImageReference.parse("a:" + "t".repeat(129))).hasMessage("invalid reference format");
        assertThatThrownBy(() -> ImageReference.parse("a@sha256:12"))
                .hasMessage("invalid reference format: invalid checksum digest length");
        assertThatThrownBy(() -> ImageReference.parse("a@md5:" + "0".repeat(32)))
                .hasMessage("invalid reference format: unsupported digest algorithm");
    }

    @Test
    void answersQuicklyWhateverTheInput() {
        String hostile = "a-".repeat(500).substring(0, 1000) + "!";
        Assertions.assertTimeoutPreemptively(
                Duration.ofSeconds(2),
                () -> assertThatThrownBy(() -> ImageReference.parse(hostile)).isInstanceOf(MalformedException.class));
    }
}
