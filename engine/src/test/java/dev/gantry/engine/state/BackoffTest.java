package dev.gantry.engine.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class BackoffTest {
    private static final Duration SHORT = Duration.ofMillis(5);

    private static Duration[] millis(long... values) {
        return Arrays.stream(values).mapToObj(Duration::ofMillis).toArray(Duration[]::new);
    }

    @Test
    void doublesUpToAMinute() {
        var backoff = new Backoff();
        assertThat(Stream.generate(() -> backoff.after(SHORT)).limit(12))
                .containsExactly(millis(100, 200, 400, 800, 1600, 3200, 6400, 12800, 25600, 51200, 60000, 60000));
    }

    @Test
    void beginsAnewAfterARunThatLasted() {
        var backoff = new Backoff();
        backoff.after(SHORT);
        assertThat(backoff.after(Duration.ofMillis(9_999))).isEqualTo(Duration.ofMillis(200));
        assertThat(backoff.after(Duration.ofSeconds(10))).isEqualTo(Duration.ofMillis(100));
        assertThat(backoff.after(SHORT)).isEqualTo(Duration.ofMillis(200));
        backoff.reset();
        assertThat(backoff.after(SHORT)).isEqualTo(Duration.ofMillis(100));
    }
}
