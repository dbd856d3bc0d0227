package dev.gantry.engine.time;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TimestampsTest {
    @ParameterizedTest
    @CsvSource({
        "2026-01-02T03:04:05Z, 2026-01-02T03:04:05Z",
        "2026-01-02T03:04:05.120Z, 2026-01-02T03:04:05.12Z",
        "2026-01-02T03:04:05.000000001Z, 2026-01-02T03:04:05.000000001Z",
        "0001-01-01T00:00:00Z, 0001-01-01T00:00:00Z"
    })
    void leavesTrailingZerosOfTheFractionOut(String time, String expected) {
        assertThat(Timestamps.nano(Instant.parse(time))).isEqualTo(expected);
    }

    @Test
    void writesNineDigitsInLogs() {
        assertThat(Timestamps.fixed(Instant.parse("2026-01-02T03:04:05.12Z")))
                .isEqualTo("2026-01-02T03:04:05.120000000Z");
    }

    @ParameterizedTest
    @CsvSource({
        "0, Less than a second", "1, 1 second", "59, 59 seconds", "60, About a minute", "119, About a minute",
        "120, 2 minutes", "3599, 59 minutes", "3600, About an hour", "5400, 2 hours", "169000, 47 hours",
        "172800, 2 days", "1209600, 2 weeks", "5184000, 2 months", "63072000, 2 years"
    })
    void speaksOfTimeAsDockerDoes(long seconds, String words) {
        assertThat(Timestamps.words(Duration.ofSeconds(seconds))).isEqualTo(words);
    }
}
