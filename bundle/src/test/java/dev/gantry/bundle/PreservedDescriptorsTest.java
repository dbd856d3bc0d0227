package dev.gantry.bundle;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class PreservedDescriptorsTest {
    private static int listening(String pid, String sockets) {
        return PreservedDescriptors.listening(Map.of("LISTEN_PID", pid, "LISTEN_FDS", sockets), 7);
    }

    @Test
    void countSocketsThatTheProcessItselfIsToldOf() {
        assertThat(listening("7", "2")).isEqualTo(2);
    }

    @Test
    void countNoSocketsThatAnotherProcessWasToldOf() {
        assertThat(listening("8", "2")).isZero();
        assertThat(PreservedDescriptors.listening(Map.of("LISTEN_FDS", "2"), 7)).isZero();
        assertThat(PreservedDescriptors.listening(Map.of("LISTEN_PID", "7"), 7)).isZero();
    }

    @Test
    void countNoSocketsThatAreNoNumber() {
        for (String sockets : new String[] {"", "x", "-1", "99999999999"}) {
            assertThat(listening("7", sockets)).as(sockets).isZero();
        }
    }
}
