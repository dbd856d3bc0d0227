package dev.gantry.oci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DigestTest {
    @Test
    void computesWhatSha256sumPrints() {
        assertThat(Digest.of("abc".getBytes(StandardCharsets.UTF_8)))
                .hasToString("sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }

    @Test
    void readsBothRegisteredAlgorithms() throws MalformedException {
        String sha512 = "sha512:" + "ab".repeat(64);
        assertThat(Digest.parse(sha512)).hasToString(sha512);
        assertThat(Digest.parse("sha256:" + "0a".repeat(32)).shortHex()).isEqualTo("0a0a0a0a0a0a");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "sha256", ":", "sha256:", "sha256:xyz", "sha512:ab", "SHA256:00", "sha1:00", "sha256:AB"})
    void refusesWhatItCannotVerify(String text) {
        assertThatThrownBy(() -> Digest.parse(text)).isInstanceOf(MalformedException.class);
    }

    @Test
    void refusesUpperCaseBecauseTwoNamesForOneFileAreOneTooMany() {
        assertThatThrownBy(() -> Digest.parse("sha256:" + "AB".repeat(32)))
                .hasMessage("invalid checksum digest format");
    }

    @Test
    void isATextInJson() throws MalformedException {
        Digest digest = Digest.of(new byte[0]);
        assertThat(Json.writeText(digest)).isEqualTo("\"" + digest + "\"");
        assertThat(Json.read(Json.write(digest), Digest.class)).isEqualTo(digest);
        assertThatThrownBy(() -> Json.read("\"sha256:1\"", Digest.class)).hasMessageContaining("digest length");
    }
}
