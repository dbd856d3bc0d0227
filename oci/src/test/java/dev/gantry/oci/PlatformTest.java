package dev.gantry.oci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PlatformTest {
    @ParameterizedTest
    @CsvSource({
        "linux/amd64, linux/amd64",
        "linux/x86_64, linux/amd64",
        "Linux/AMD64/v1, linux/amd64",
        "linux/amd64/v3, linux/amd64/v3",
        "aarch64, linux/arm64",
        "linux/arm64/v8, linux/arm64",
        "linux/arm, linux/arm/v7",
        "linux/arm/6, linux/arm/v6",
        "linux/armhf, linux/arm/v7",
        "armel, linux/arm/v6",
        "i686, linux/386",
        "windows/amd64, windows/amd64",
    })
    void givesCanonicalNames(String text, String canonical) throws MalformedException {
        assertThat(Platform.parse(text)).hasToString(canonical);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/", "linux/", "linux//v8", "linux/arm/v7/x", "what", "linux/a b"})
    void refusesOtherTexts(String text) {
        assertThatThrownBy(() -> Platform.parse(text)).isInstanceOf(MalformedException.class);
    }

    @Test
    void fillsInTheHost() throws MalformedException {
        assertThat(Platform.parse("linux")).isEqualTo(Platform.host());
    }

    @Test
    void comparesAfterNormalisation() {
        assertThat(Platform.of("linux", "arm64", "v8").matches(Platform.of("linux", "aarch64", null)))
                .isTrue();
        assertThat(Platform.of("linux", "arm", "v6").matches(Platform.of("linux", "arm", null)))
                .isFalse();
    }

    @Test
    void aSystemMayStandAlone() throws MalformedException {
        assertThat(Platform.parse("Windows"))
                .isEqualTo(Platform.of("windows", Platform.host().architecture(), null));
    }
}
