package dev.gantry.engine.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gantry.engine.EngineException;
import dev.gantry.engine.config.ConfigJson;
import dev.gantry.engine.config.ContainerConfig;
import dev.gantry.engine.config.LogConfig;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LogSettingsTest {
    private static final ContainerConfig CONTAINER = ConfigJson.mapper()
            .readValue(
                    "{\"Labels\":{\"team\":\"a\",\"other\":\"b\"},\"Env\":[\"X=1\",\"Y=2\"]}", ContainerConfig.class);

    private static final LogSubject SUBJECT =
            new LogSubject("0123456789abcdef".repeat(4), "web", "sha256:" + "f".repeat(64), "busybox:1");

    @ParameterizedTest
    @CsvSource({"10m, 10000000", "1k, 1000", "100, 100", "2g, 2000000000", "1.5kb, 1500", "-1, -1", "3MiB, 3000000"})
    void readsSizes(String text, long bytes) {
        assertThat(LogSettings.size(text)).isEqualTo(bytes);
    }

    @ParameterizedTest
    @CsvSource({"abc", "-5", "10x", "''"})
    void refusesOtherSizes(String text) {
        assertThatThrownBy(() -> LogSettings.size(text))
                .isInstanceOf(EngineException.Invalid.class)
                .hasMessage("invalid size: '" + text + "'");
    }

    @Test
    void rotatesByDefault() {
        LogSettings settings = settings("json-file", Map.of());

        assertThat(settings.maxSize()).isEqualTo(10_000_000);
        assertThat(settings.maxFiles()).isEqualTo(5);
    }

    @Test
    void rotatesTheDriverLocalAsDockerDoes() {
        assertThat(settings("local", Map.of())).isEqualTo(new LogSettings(LogDriver.LOCAL, 20_000_000, 5, ""));
        assertThat(settings("local", Map.of("max-size", "1m", "max-file", "2", "compress", "false")))
                .isEqualTo(new LogSettings(LogDriver.LOCAL, 1_000_000, 2, ""));
    }

    @Test
    void choosesLabelsAndEnvironment() {
        LogSettings settings = settings("json-file", Map.of("labels", "team", "env-regex", "^Y"));

        assertThat(settings.attributes()).isEqualTo("{\"Y\":\"2\",\"team\":\"a\"}");
    }

    @ParameterizedTest
    @CsvSource({
        "{{.Name}}/{{.ID}}, web/0123456789ab",
        "{{ .ImageName }}, busybox:1",
        "{{.ImageID}}, sha256:fffff",
        "{{.DaemonName}}}}, docker}}",
        "plain, plain",
        "{{.Nope}} {{.Name, '{{.Nope}} {{.Name'"
    })
    void expandsTheTag(String template, String tag) {
        assertThat(settings("json-file", Map.of("tag", template)).attributes()).isEqualTo("{\"tag\":\"" + tag + "\"}");
    }

    @Test
    void expandsTheTagToWholeIds() {
        assertThat(settings("json-file", Map.of("tag", "{{.FullID}} {{.ImageFullID}}"))
                        .attributes())
                .isEqualTo("{\"tag\":\"" + SUBJECT.id() + " " + SUBJECT.imageId() + "\"}");
    }

    @Test
    void refusesDriversThatItDoesNotKnow() {
        assertThatThrownBy(() -> settings("nonsense", Map.of()))
                .isInstanceOf(EngineException.Invalid.class)
                .hasMessage("logger: no log driver named 'nonsense' is registered");
        assertThatThrownBy(() -> settings("syslog", Map.of())).isInstanceOf(EngineException.Unsupported.class);
    }

    private static LogSettings settings(String type, Map<String, String> options) {
        return LogSettings.of(new LogConfig(type, options), CONTAINER, SUBJECT);
    }
}
