package dev.gantry.kernel.signal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.kernel.Pidfd;
import dev.gantry.kernel.Signal;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Signals whose default would end this process: SIGUSR1, and a real-time one, which is counted.
@Timeout(60)
class CaughtSignalsTest {
    private static final Signal USER = new Signal(10);
    private static final Signal REAL_TIME = new Signal(37);

    @Test
    void comeOneByOneAlsoOnesThatTheJvmDoesNotKnow() throws Exception {
        CaughtSignals caught = CaughtSignals.of(Set.of(USER, REAL_TIME));
        int self = (int) ProcessHandle.current().pid();

        List<Signal> seen = new ArrayList<>();
        Pidfd.signal(self, USER);
        seen.add(caught.next());
        for (int i = 0; i < 1000; i++) {
            Pidfd.signal(self, REAL_TIME);
        }
        for (int i = 0; i < 1000; i++) {
            seen.add(caught.next());
        }

        assertThat(seen.removeFirst()).isEqualTo(USER);
        assertThat(seen).hasSize(1000).containsOnly(REAL_TIME);
    }

    @Test
    void areNoneThatTheJvmLivesBy() {
        assertThat(CaughtSignals.possible())
                .contains(Signal.TERMINATE, Signal.HANGUP, new Signal(3), REAL_TIME)
                .doesNotContain(Signal.KILL, Signal.STOP, new Signal(11));
    }
}
