package dev.gantry.engine.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProcessorTimeTest {
    @Test
    void countsAllButWhatIsStolenOrGivenToGuests() throws IOException {
        assertThat(ProcessorTime.parse(List.of(
                        "cpu  2965977 36326 499650 1351081 13718 0 6186 4112 100 200",
                        "cpu0 1 2 3 4 5 6 7 8 9 10",
                        "cpu1 1 2 3 4 5 6 7 8 9 10",
                        "intr 5")))
                .isEqualTo(new ProcessorTime(48_729_380_000_000L, 2));
    }

    @Test
    void refusesAFileWithoutACpu() {
        assertThatThrownBy(() -> ProcessorTime.parse(List.of("intr 5"))).isInstanceOf(IOException.class);
    }
}
