package dev.gantry.cli.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TimestampsTest {
    @ParameterizedTest
    @CsvSource({
        "2026-11-28T10:20:30.5Z, 1795861230.500000000",
        "2026-11-28T10:20:30Z, 1795861230.000000000",
        "2026-11-28T11:20:30+01:00, 1795861230.000000000",
        "2026-11-28T10:20Z, 1795861200.000000000",
        "2026-11-28T09:20-01:00, 1795861200.000000000",
        "2026-11-28T10Z, 1795860000.000000000",
        "2026-11-28T11+01:00, 1795860000.000000000",
        "2026-11-28Z, 1795824000.000000000",
        "2026-11-28+01:00, 1795820400.000000000",
        "2026-11-28-01:00, 1795827600.000000000",
    })
    void readsTimesWithAZone(String text, String seconds) {
        assertThat(Timestamps.parse(text)).isEqualTo(seconds);
    }

    @ParameterizedTest
    @CsvSource({
        "2026-11-28T10:20:30.25, 2026-11-28T10:20:30.25",
        "2026-11-28T10:20:30, 2026-11-28T10:20:30",
        "2026-11-28T10:20, 2026-11-28T10:20:00",
        "2026-11-28T10, 2026-11-28T10:00:00",
        "2026-11-28, 2026-11-28T00:00:00",
    })
    void readsTimesWithoutAZoneAsTheHosts(String text, LocalDateTime time) {
        Instant instant = time.atZone(ZoneId.systemDefault()).toInstant();
        assertThat(Timestamps.parse(text)).isEqualTo("%d.%09d".formatted(instant.getEpochSecond(), instant.getNano()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0", "1795861230", "1795861230.5", "2026-11-28T10+01", "2026-13-28", "yesterday"})
    void leavesEverythingElseToTheDaemon(String text) {
        assertThat(Timestamps.parse(text)).isEqualTo(text);
    }

    @Test
    void readsTimeSpansBeforeNow() {
        Instant before = Instant.now().minusSeconds(91);
        Instant read = instant(Timestamps.parse("1m30s"));
        assertThat(read).isBetween(before, Instant.now().minusSeconds(90));
    }

    private static Instant instant(String seconds) {
        String[] parts = seconds.split("\\.", 2);
        return Instant.ofEpochSecond(Long.parseLong(parts[0]), Long.parseLong(parts[1]));
    }
}
