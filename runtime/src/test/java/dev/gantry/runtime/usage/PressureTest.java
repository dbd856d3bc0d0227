package dev.gantry.runtime.usage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gantry.oci.MalformedException;
import dev.gantry.runtime.usage.Pressure.Stall;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class PressureTest {
    @Test
    void isReadAsTheKernelWritesIt() throws IOException {
        assertThat(Pressure.parse(List.of(
                        "some avg10=1.50 avg60=0.25 avg300=0.05 total=123456789012",
                        "full avg10=0.50 avg60=0.00 avg300=0.00 total=7")))
                .isEqualTo(new Pressure(new Stall(1.5, 0.25, 0.05, 123_456_789_012L), new Stall(0.5, 0, 0, 7)));
    }

    @Test
    void mayHaveNoFullLine() throws IOException {
        assertThat(Pressure.parse(List.of("some avg10=0.00 avg60=0.00 avg300=0.00 total=0"))
                        .full())
                .isNull();
    }

    @Test
    void isRefusedInAnotherForm() {
        assertThatThrownBy(() -> Pressure.parse(List.of("full avg10=0.00 avg60=0.00 avg300=0.00 total=0")))
                .isInstanceOf(MalformedException.class);
        assertThatThrownBy(() -> Pressure.parse(List.of("some avg10=much"))).isInstanceOf(MalformedException.class);
    }
}
