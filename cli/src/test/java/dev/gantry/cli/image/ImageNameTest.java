package dev.gantry.cli.image;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ImageNameTest {
    @ParameterizedTest
    @CsvSource({
        "busybox, docker.io, docker.io/library/busybox:latest, busybox:latest",
        "busybox:1.36, docker.io, docker.io/library/busybox:1.36, busybox:1.36",
        "somebody/thing, docker.io, docker.io/somebody/thing:latest, somebody/thing:latest",
        "localhost/thing:1, localhost, localhost/thing:1, localhost/thing:1",
        "localhost:5000/thing, localhost:5000, localhost:5000/thing:latest, localhost:5000/thing:latest",
        "r.test/a/b@sha256:12, r.test, r.test/a/b@sha256:12, r.test/a/b@sha256:12",
        "r.test:1/a:tag@sha256:12, r.test:1, r.test:1/a@sha256:12, r.test:1/a@sha256:12",
        "docker.io/library/busybox, docker.io, docker.io/library/busybox:latest, docker.io/library/busybox:latest"
    })
    void knowsItsRegistryAndItsWholeName(String text, String domain, String canonical, String familiar) {
        ImageName name = ImageName.of(text).withDefaultTag();
        assertThat(name.domain()).isEqualTo(domain);
        assertThat(name.canonical()).isEqualTo(canonical);
        assertThat(name.familiar()).isEqualTo(familiar);
    }
}
