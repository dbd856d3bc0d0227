package dev.gantry.oci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {
    record Sample(
            @Nullable String zebra,
            int apple,
            List<String> names,
            @Nullable Instant at,
            Map<String, String> labels) {
        Sample {
            names = Absent.toEmpty(names);
            labels = Absent.toEmpty(labels);
        }
    }

    @Test
    void keepsTheDeclaredOrderAndLeavesNullOut() {
        Map<String, String> labels = new HashMap<>(Map.of("b", "1", "a", "2"));
        assertThat(Json.writeText(new Sample("z", 1, List.of(), null, labels)))
                .isEqualTo("{\"zebra\":\"z\",\"apple\":1,\"names\":[],\"labels\":{\"a\":\"2\",\"b\":\"1\"}}");
    }

    @Test
    void ignoresUnknownPropertiesAndFillsEmptyCollectionsIn() throws MalformedException {
        Sample sample = Json.read("{\"apple\": 1, \"names\": null, \"new\": {\"x\": []}}", Sample.class);
        assertThat(sample).isEqualTo(new Sample(null, 1, List.of(), null, Map.of()));
    }

    @Test
    void readsTimesWithOffsetAndNanoseconds() throws MalformedException {
        Sample sample = Json.read("{\"apple\":1,\"at\":\"2020-01-01T02:00:00.123456789+02:00\"}", Sample.class);
        assertThat(sample.at()).isEqualTo(Instant.parse("2020-01-01T00:00:00.123456789Z"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "{",
                "[]",
                "{\"apple\":1,\"apple\":2}",
                "{\"apple\":1} {}",
                "{\"apple\":\"1\"}",
                "{\"apple\":1.5}",
                "{\"apple\":null}",
                "{\"apple\":99999999999}",
                "{\"apple\":1,\"names\":[null]}",
                "{\"apple\":1,\"labels\":{\"a\":null}}",
                "{'apple':1}",
                "{\"apple\":01}",
                "{\"apple\":1,}",
                "{\"apple\":1}//"
            })
    void refusesWhatTwoReadersCouldSeeDifferently(String text) {
        assertThatThrownBy(() -> Json.read(text, Sample.class)).isInstanceOf(MalformedException.class);
    }

    // GO-2026-5475: limits on every document from outside
    @Test
    void boundsDepthAndSize() {
        String deep = "{\"x\":".repeat(1000);
        assertThatThrownBy(() -> Json.read(deep, Sample.class)).hasMessageContaining("nesting depth");
        byte[] big = " ".repeat(Json.MAX_DOCUMENT + 1).getBytes(StandardCharsets.UTF_8);
        assertThatThrownBy(() -> Json.read(big, Sample.class)).hasMessageContaining("limit 16777216");
        assertThatThrownBy(() -> Json.read(new ByteArrayInputStream(big), Sample.class))
                .isInstanceOf(IOException.class);
    }

    @Test
    void saysWhere() {
        assertThatThrownBy(() -> Json.read("{\n \"apple\": x}", Sample.class))
                .hasMessageStartingWith("invalid JSON at line 2, column ");
    }
}
