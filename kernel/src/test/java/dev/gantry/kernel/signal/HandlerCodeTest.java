package dev.gantry.kernel.signal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.kernel.ffi.Machine;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/// The other architecture's code, which cannot be run here, as binutils assembles the comments beside it.
class HandlerCodeTest {
    @Test
    void isTheAssemblersForAarch64() {
        HandlerCode code = HandlerCode.writingTo(7, Machine.AARCH64);

        assertThat(code.restorer()).isEmpty();
        assertThat(HexFormat.of().formatHex(code.bytes()))
                .isEqualTo("ff4300d1" + "e00300b9" + "e0008052" + "e1030091" + "820080d2" + "080880d2" + "010000d4"
                        + "ff430091" + "c0035fd6");
    }
}
