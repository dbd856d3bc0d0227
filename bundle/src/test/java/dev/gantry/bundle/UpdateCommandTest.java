package dev.gantry.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class UpdateCommandTest {
    private static Long memory(String text) throws CommandException {
        Flags flags = Flags.parse(UpdateCommand.UPDATE.known(), List.of("--memory=" + text, "c1"));
        return UpdateCommand.bytes(flags, "memory");
    }

    @Test
    void takesBytesWithUnits() throws Exception {
        assertThat(memory("100")).isEqualTo(100);
        assertThat(memory("100b")).isEqualTo(100);
        assertThat(memory("64k")).isEqualTo(64 << 10);
        assertThat(memory("64M")).isEqualTo(64 << 20);
        assertThat(memory("64MB")).isEqualTo(64 << 20);
        assertThat(memory("1GiB")).isEqualTo(1 << 30);
        assertThat(memory("-1")).isEqualTo(-1);
        assertThat(memory("")).isNull();
    }

    @Test
    void refusesWhatAreNoBytes() {
        for (String text : List.of("much", "k", "b", "1x", "99999999999t")) {
            assertThatThrownBy(() -> memory(text)).as(text).hasMessageContaining("memory");
        }
    }
}
