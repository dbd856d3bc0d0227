package dev.gantry.engine.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RestartPolicyTest {
    @ParameterizedTest
    @CsvSource({
        "no, 0, 1, 0, false",
        "'', 0, 1, 0, false",
        "always, 0, 0, 99, true",
        "unless-stopped, 0, 0, 99, true",
        "on-failure, 0, 0, 0, false",
        "on-failure, 0, 1, 99, true",
        "on-failure, 3, 1, 2, true",
        "on-failure, 3, 1, 3, false",
        "on-failure, 3, 0, 0, false",
    })
    void startsAgain(String name, int most, int exitCode, int restarts, boolean again) {
        assertThat(new RestartPolicy(name, most).restartsAfter(exitCode, restarts))
                .isEqualTo(again);
    }

    @ParameterizedTest
    @CsvSource({"no, false", "always, true", "unless-stopped, false", "on-failure, false"})
    void startsWithTheDaemonWhatItsUserHasStopped(String name, boolean starts) {
        assertThat(new RestartPolicy(name, 0).outlivesStops()).isEqualTo(starts);
    }
}
