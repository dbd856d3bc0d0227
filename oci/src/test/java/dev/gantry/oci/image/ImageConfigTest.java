package dev.gantry.oci.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gantry.oci.Digest;
import dev.gantry.oci.Json;
import dev.gantry.oci.MalformedException;
import dev.gantry.oci.Platform;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ImageConfigTest {
    private static final Digest DIFF = Digest.of(new byte[0]);

    @Test
    void readsWhatItWrites() throws MalformedException {
        Execution execution = new Execution.Builder()
                .user("1:2")
                .exposedPorts(Set.of("80/tcp"))
                .volumes(Set.of("/v"))
                .env(List.of("A=b"))
                .entrypoint(List.of("/e"))
                .cmd(List.of("c"))
                .labels(Map.of("k", "v"))
                .healthcheck(new Healthcheck(List.of("CMD", "x"), 1L, null, null, null, 2))
                .build();
        History step = new History(Instant.EPOCH, "sh", null, "comment", false);
        ImageConfig config = ImageConfig.of(Platform.host(), execution, List.of(DIFF), List.of(step));
        assertThat(ImageConfig.parse(Json.write(config))).isEqualTo(config);
    }

    @Test
    void leavesOutWhatIsEmpty() {
        ImageConfig config =
                ImageConfig.of(Platform.of("linux", "amd64", null), Execution.empty(), List.of(), List.of());
        assertThat(Json.writeText(config))
                .isEqualTo("{\"architecture\":\"amd64\",\"os\":\"linux\",\"config\":{},"
                        + "\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[]}}");
    }

    @Test
    void readsDockersDocuments() throws MalformedException {
        String text = """
                {"architecture":"arm","variant":"v7","os":"linux","container":"x","docker_version":"20.10",
                 "config":{"Hostname":"","Cmd":null,"Entrypoint":["/e"],"Volumes":{"/v":{}},"OnBuild":null,"Labels":null,
                           "ExposedPorts":{"80/tcp":{},"53/udp":null},"ArgsEscaped":true,"Image":""},
                 "container_config":{"Cmd":["x"]},"created":"2020-01-01T00:00:00.5Z",
                 "history":[{"created":"2020-01-01T00:00:00Z","empty_layer":true}],
                 "rootfs":{"type":"layers"}}""";
        ImageConfig config = ImageConfig.parse(text.getBytes(StandardCharsets.UTF_8));
        assertThat(config.platform()).hasToString("linux/arm/v7");
        assertThat(config.config().exposedPorts()).containsExactlyInAnyOrder("80/tcp", "53/udp");
        assertThat(config.config().cmd()).isEmpty();
        assertThat(config.config().argsEscaped()).isTrue();
        assertThat(config.history()).hasSize(1);
    }

    /// An image whose maker keeps no history, and one layer on top of it.
    @Test
    void aLayerOnTopOfALayerWithoutHistoryCanBeReadAgain() throws MalformedException {
        String layer = "sha256:" + "a".repeat(64);
        ImageConfig base = ImageConfig.parse(
                "{\"os\":\"linux\",\"architecture\":\"a\",\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[\"%s\"]}}"
                        .formatted(layer)
                        .getBytes(StandardCharsets.UTF_8));
        History step = new History(Instant.EPOCH, "sh", null, null, false);
        ImageConfig above = base.with(Execution.empty(), Digest.parse(layer), step);
        assertThat(above.history()).hasSize(2).last().isEqualTo(step);
        assertThat(ImageConfig.parse(Json.write(above)).history()).isEqualTo(above.history());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"os\":\"linux\",\"rootfs\":{\"type\":\"layers\"}}",
                "{\"os\":\"linux\",\"architecture\":\"\",\"rootfs\":{\"type\":\"layers\"}}",
                "{\"os\":\"linux\",\"architecture\":\"a\",\"rootfs\":{\"type\":\"other\"}}",
                "{\"os\":\"linux\",\"architecture\":\"a\",\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[\"x\"]}}",
                "{\"os\":\"linux\",\"architecture\":\"a\",\"rootfs\":{\"type\":\"layers\"},\"history\":[{}]}",
                "{\"os\":\"linux\",\"architecture\":\"a\",\"rootfs\":{\"type\":\"layers\"},\"config\":{\"Env\":\"x\"}}",
                "{\"os\":\"linux\",\"architecture\":\"a\",\"rootfs\":{\"type\":\"layers\"},\"config\":{\"Volumes\":[1]}}"
            })
    void refusesOtherDocuments(String text) {
        byte[] document = text.getBytes(StandardCharsets.UTF_8);
        assertThatThrownBy(() -> ImageConfig.parse(document)).isInstanceOf(MalformedException.class);
    }

    // GO-2026-5475: a million layers
    @Test
    void boundsTheNumberOfLayers() {
        ImageConfig config =
                ImageConfig.of(Platform.host(), Execution.empty(), Collections.nCopies(501, DIFF), List.of());
        byte[] document = Json.write(config);
        assertThatThrownBy(() -> ImageConfig.parse(document)).hasMessage("image has 501 layers, limit 500");
    }

    /// podman and skopeo write configurations again, and images are known by their digests.
    @Test
    void writesTimesAsGoDoes() {
        for (String fraction : List.of("", ".5", ".12345678", ".123456789", ".1234")) {
            String time = "2026-11-27T09:50:11" + fraction + "Z";
            var step = new History(Instant.parse(time), "x", null, null, true);
            assertThat(Json.mapper().writeValueAsString(step)).contains("\"created\":\"" + time + "\"");
        }
    }
}
