package dev.gantry.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class EventsCommandTest {
    @Test
    void takesIntervalsAsGoWritesThem() throws Exception {
        assertThat(EventsCommand.duration("5s")).isEqualTo(Duration.ofSeconds(5));
        assertThat(EventsCommand.duration("500ms")).isEqualTo(Duration.ofMillis(500));
        assertThat(EventsCommand.duration("1h1m30s")).isEqualTo(Duration.ofSeconds(3690));
    }

    @Test
    void refusesWhatIsNoInterval() {
        for (String text : List.of("", "5", "s", "5 s", "5s x", "-5s")) {
            assertThatThrownBy(() -> EventsCommand.duration(text)).as(text).hasMessageContaining("invalid value");
        }
        assertThatThrownBy(() -> EventsCommand.duration("0s")).hasMessageContaining("greater than 0");
    }
}
