package dev.gantry.engine.time;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MomentsTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

    @ParameterizedTest
    @CsvSource({
        "10m, 2026-03-01T11:50:00Z",
        "1h30m, 2026-03-01T10:30:00Z",
        "1.5h, 2026-03-01T10:30:00Z",
        "+1.5h, 2026-03-01T10:30:00Z",
        "-1h30m, 2026-03-01T13:30:00Z",
        "100ms, 2026-03-01T11:59:59.900Z",
        "0, 1970-01-01T00:00:00Z",
        "0s, 2026-03-01T12:00:00Z",
        "1735689600, 2025-01-01T00:00:00Z",
        "1735689600.5, 2025-01-01T00:00:00.500Z",
        "1735689600.000000001, 2025-01-01T00:00:00.000000001Z",
        "2025-01-01, 2025-01-01T00:00:00Z",
        "2025-01-01Z, 2025-01-01T00:00:00Z",
        "2025-01-01T10:11, 2025-01-01T10:11:00Z",
        "2025-01-01T10:11:12, 2025-01-01T10:11:12Z",
        "2025-01-01T10:11:12.123456789Z, 2025-01-01T10:11:12.123456789Z",
        "2025-01-01T10:11:12+02:00, 2025-01-01T08:11:12Z",
    })
    void readsWhatDockerReads(String text, Instant moment) {
        assertThat(Moments.parse(text, NOW)).isEqualTo(moment);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "x",
                "",
                "1d",
                "h",
                "-",
                "--1h",
                "1h-1m",
                ".s",
                "2025-13-01",
                "2025-01-01T25:00",
                "1h-",
                "99999999999999999999"
            })
    void refusesTheRestWithDockersText(String text) {
        assertThatThrownBy(() -> Moments.parse(text, NOW))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("failed to parse value as time or duration: \"" + text + "\"");
    }
}
