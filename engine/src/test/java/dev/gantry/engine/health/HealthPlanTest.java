package dev.gantry.engine.health;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.engine.config.ConfigJson;
import dev.gantry.engine.config.ContainerConfig;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HealthPlanTest {
    private static Optional<HealthPlan> plan(String json) {
        return HealthPlan.of(ConfigJson.mapper().readValue(json, ContainerConfig.class));
    }

    @Test
    void hasDockersDefaults() {
        assertThat(plan("{\"Healthcheck\": {\"Test\": [\"CMD\", \"check\", \"it\"]}}"))
                .contains(new HealthPlan(
                        List.of("check", "it"),
                        Duration.ofSeconds(30),
                        Duration.ofSeconds(30),
                        Duration.ZERO,
                        Duration.ofSeconds(5),
                        3));
    }

    @Test
    void takesWhatIsAskedFor() {
        assertThat(
                        plan(
                                "{\"Healthcheck\": {\"Test\": [\"CMD-SHELL\", \"check it\"], \"Interval\": 1000000,"
                                        + " \"Timeout\": 2000000, \"StartPeriod\": 3000000, \"StartInterval\": 4000000, \"Retries\": 5}}"))
                .contains(new HealthPlan(
                        List.of("/bin/sh", "-c", "check it"),
                        Duration.ofMillis(1),
                        Duration.ofMillis(2),
                        Duration.ofMillis(3),
                        Duration.ofMillis(4),
                        5));
    }

    @Test
    void usesTheShellOfTheImage() {
        assertThat(plan("{\"Shell\": [\"/bin/bash\", \"-ec\"],"
                                + " \"Healthcheck\": {\"Test\": [\"CMD-SHELL\", \"check it\"]}}")
                        .orElseThrow()
                        .command())
                .containsExactly("/bin/bash", "-ec", "check it");
    }

    @Test
    void leavesTimesOutThatMakeNoSense() {
        HealthPlan plan = plan("{\"Healthcheck\": {\"Test\": [\"CMD\", \"check\"], \"Interval\": 1,"
                        + " \"Timeout\": -1, \"Retries\": -1}}")
                .orElseThrow();
        assertThat(plan.interval()).isEqualTo(Duration.ofSeconds(30));
        assertThat(plan.timeout()).isEqualTo(Duration.ofSeconds(30));
        assertThat(plan.retries()).isEqualTo(3);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"Healthcheck\": {}}",
                "{\"Healthcheck\": {\"Test\": [\"NONE\"]}}",
                "{\"Healthcheck\": {\"Test\": [\"CMD\"]}}",
                "{\"Healthcheck\": {\"Test\": [\"HTTP\", \"/\"]}}"
            })
    void isNoneWithoutACommand(String json) {
        assertThat(plan(json)).isEmpty();
    }
}
