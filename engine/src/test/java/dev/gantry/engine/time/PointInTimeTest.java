package dev.gantry.engine.time;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PointInTimeTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

    @ParameterizedTest
    @CsvSource({
        "0, 1970-01-01T00:00:00Z",
        "1136073600.000000001, 2006-01-01T00:00:00.000000001Z",
        "1136073600.5, 2006-01-01T00:00:00.5Z",
        "10m, 2026-03-01T11:50:00Z",
        "1h30m, 2026-03-01T10:30:00Z",
        "1.5h, 2026-03-01T10:30:00Z",
        "2006-01-02T15:04:05Z, 2006-01-02T15:04:05Z",
        "2006-01-02T15:04:05.25+02:00, 2006-01-02T13:04:05.25Z",
    })
    void isReadInEachNotation(String text, Instant expected) {
        assertThat(PointInTime.parse(text, NOW)).contains(expected);
    }

    @Test
    void isTheHostsMidnightWhenOnlyADateIsGiven() {
        assertThat(PointInTime.parse("2006-01-02", NOW))
                .contains(LocalDate.of(2006, 1, 2)
                        .atStartOfDay(ZoneId.systemDefault())
                        .toInstant());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "yesterday", "10x", "-1h", "2006-13-01", "1h 2m"})
    void isNothingElse(String text) {

        assertThat(PointInTime.parse(text, NOW)).isEmpty();
    }
}
