package dev.gantry.engine.log;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gantry.engine.EngineException;
import dev.gantry.engine.config.LogConfig;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LogOptionCheckTest {
    @ParameterizedTest
    @ValueSource(strings = {"json-file", "local"})
    void takesTheOptionsOfAllDrivers(String driver) {
        assertTaken(driver, Map.of("mode", "non-blocking", "max-buffer-size", "4m"));
        assertTaken(driver, Map.of("mode", "blocking"));
        assertTaken(driver, Map.of("mode", ""));
        assertRefused(driver, Map.of("mode", "banana", "colour", "red"), "logger: logging mode not supported: banana");
    }

    @ParameterizedTest
    @ValueSource(strings = {"json-file", "local"})
    void takesABufferSizeOnlyWhereThereIsABuffer(String driver) {
        String only = "logger: max-buffer-size option is only supported with 'mode=non-blocking'";
        assertRefused(driver, Map.of("max-buffer-size", "xyz"), only);
        assertRefused(driver, Map.of("max-buffer-size", "", "mode", "blocking"), only);
        for (String size : new String[] {"xyz", "", "-5"}) {
            assertRefused(
                    driver,
                    Map.of("max-buffer-size", size, "mode", "non-blocking"),
                    "error parsing option max-buffer-size: invalid size: '" + size + "'");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"json-file", "local"})
    void readsCompressAsGoDoes(String driver) {
        for (String no : new String[] {"0", "f", "F", "false", "FALSE", "False"}) {
            assertTaken(driver, Map.of("compress", no));
        }
        for (String yes : new String[] {"1", "t", "T", "true", "TRUE", "True"}) {
            assertThatThrownBy(() -> check(driver, Map.of("compress", yes)))
                    .isInstanceOf(EngineException.Unsupported.class);
        }
        assertRefused(driver, Map.of("compress", "banana"), "strconv.ParseBool: parsing \"banana\": invalid syntax");
        assertRefused(driver, Map.of("compress", ""), "strconv.ParseBool: parsing \"\": invalid syntax");
    }

    @Test
    void refusesWhatADriverDoesNotHave() {
        assertRefused("json-file", Map.of("colour", "red"), "unknown log opt 'colour' for json-file log driver");
        assertRefused("local", Map.of("labels", "team"), "unknown log opt 'labels' for log driver local");
    }

    @Test
    void refusesATagThatIsMoreThanTextAndFields() {
        assertTaken("json-file", Map.of("tag", "a}}b{c {{.Name}}{{ .ImageFullID }}"));
        assertRefused("json-file", Map.of("tag", "{{.ID}} {{.Name"), "log opt tag: unclosed action {{.Name");
        for (String action : new String[] {"{{.Nope}}", "{{{.Name}}", "{{lower .Name}}", "{{}}"}) {
            assertRefused(
                    "json-file",
                    Map.of("tag", action),
                    "log opt tag: " + action
                            + " is none of the fields .DaemonName, .FullID, .ID, .ImageFullID, .ImageID, .ImageName, .Name");
        }
    }

    @Test
    void letsTheDriverNoneHaveAnything() {
        assertTaken("none", Map.of("mode", "banana"));
    }

    @Test
    void judgesTheDaemonsOptionsAsThoseOfAContainer() {
        assertThatCode(() -> LogOptionCheck.checkDaemon(Map.of("max-size", "1m", "max-file", "2", "labels", "a")))
                .doesNotThrowAnyException();
        Map<Map<String, String>, String> refused = Map.of(
                Map.of("foo", "bar"), "unknown log opt 'foo' for json-file log driver",
                Map.of("mode", "wrong"), "logger: logging mode not supported: wrong",
                Map.of("max-size", "abc"), "invalid size: 'abc'",
                Map.of("max-file", "0"), "max-file must be a number of 1 or more, got '0'",
                Map.of("env-regex", "("), "log opt env-regex: Unclosed group");
        refused.forEach((options, words) -> assertThatThrownBy(() -> LogOptionCheck.checkDaemon(options))
                .isInstanceOf(EngineException.Invalid.class)
                .hasMessage("log opts of the daemon: " + words));
    }

    private static void assertTaken(String driver, Map<String, String> options) {
        assertThatCode(() -> check(driver, options))
                .as("%s %s", driver, options)
                .doesNotThrowAnyException();
    }

    private static void assertRefused(String driver, Map<String, String> options, String message) {
        assertThatThrownBy(() -> check(driver, options))
                .as("%s %s", driver, options)
                .isInstanceOf(EngineException.Invalid.class)
                .hasMessage(message);
    }

    private static void check(String driver, Map<String, String> options) {
        LogOptionCheck.check(new LogConfig(driver, options));
    }
}
