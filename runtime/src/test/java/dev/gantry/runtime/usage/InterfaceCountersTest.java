package dev.gantry.runtime.usage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.runtime.usage.InterfaceCounters.Direction;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class InterfaceCountersTest {
    @Test
    void areReadInTheKernelsFormWithoutTheLoopback() {
        assertThat(InterfaceCounters.parse(List.of(
                        "Inter-|   Receive                                                |  Transmit",
                        " face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo"
                                + " colls carrier compressed",
                        "    lo:   10023      91    0    0    0     0          0         0    10023      91    0    0    0"
                                + "     0       0          0",
                        "  eth0: 438241783   13662    1    2    3     4          5         6  1531894   10222    7    8    9"
                                + "    10      11         12")))
                .isEqualTo(Map.of(
                        "eth0",
                        new InterfaceCounters(
                                new Direction(438_241_783, 13_662, 1, 2), new Direction(1_531_894, 10_222, 7, 8))));
    }
}
