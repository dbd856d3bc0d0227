package dev.gantry.engine.time;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GoDurationTest {
    @ParameterizedTest
    @CsvSource({
        "1, 1ms",
        "300, 300ms",
        "1000, 1s",
        "1500, 1.5s",
        "60000, 1m0s",
        "90250, 1m30.25s",
        "3600000, 1h0m0s",
        "90061001, 25h1m1.001s"
    })
    void writesAsGoDoes(long millis, String text) {
        assertThat(GoDuration.text(Duration.ofMillis(millis))).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({"1500000, 1.5ms", "1000000001, 1.000000001s"})
    void keepsNanoseconds(long nanos, String text) {
        assertThat(GoDuration.text(Duration.ofNanos(nanos))).isEqualTo(text);
    }
}
