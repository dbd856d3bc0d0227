package dev.gantry.engine.spec;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gantry.engine.EngineException.Invalid;
import dev.gantry.engine.config.ConfigJson;
import dev.gantry.engine.config.ContainerConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequirementsTest {
    private static ContainerConfig config(String json) {
        return ConfigJson.mapper().readValue(json, ContainerConfig.class);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"Env\": [\"=x\"]} | invalid environment variable: =x",
                "{\"StopSignal\": \"NOPE\"} | Invalid signal: NOPE",
                "{\"Healthcheck\": {\"Interval\": 1}} | Interval in Healthcheck cannot be less than 1ms",
                "{\"Healthcheck\": {\"Timeout\": -1}} | Timeout in Healthcheck cannot be less than 1ms",
                "{\"Healthcheck\": {\"StartPeriod\": 999999}} | StartPeriod in Healthcheck cannot be less than 1ms",
                "{\"Healthcheck\": {\"StartInterval\": 5}} | StartInterval in Healthcheck cannot be less than 1ms",
                "{\"Healthcheck\": {\"Retries\": -1}} | Retries in Healthcheck cannot be negative"
            })
    void refuseWhatMakesNoSense(String json, String message) {
        assertThatThrownBy(() -> Requirements.check(config(json)))
                .isInstanceOf(Invalid.class)
                .hasMessage(message);
    }

    @Test
    void letTheRestPass() {
        assertThatCode(() -> Requirements.check(config("{}"))).doesNotThrowAnyException();
        assertThatCode(() -> Requirements.check(config("{\"Env\": [\"A\", \"B=\"], \"StopSignal\": \"sigint\","
                        + " \"Healthcheck\": {\"Test\": [\"CMD\", \"true\"], \"Interval\": 1000000}}")))
                .doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a:1.2.3.4", "a=1.2.3.4", "a:::1", "a=[::1]", "a:fe80::1"})
    void letAddressesOfHostsPass(String entry) {
        assertThatCode(() -> ExtraHosts.check(entry)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource({
        "a, 'bad format for add-host: \"a\"'",
        ":1.2.3.4, 'bad format for add-host: \":1.2.3.4\"'",
        "a:b, 'invalid IP address in add-host: \"b\"'",
        "a:1.2.3, 'invalid IP address in add-host: \"1.2.3\"'"
    })
    void refuseOtherAddresses(String entry, String message) {
        assertThatThrownBy(() -> ExtraHosts.check(entry))
                .isInstanceOf(Invalid.class)
                .hasMessage(message);
    }
}
