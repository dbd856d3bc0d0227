package dev.gantry.engine.state;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.engine.WaitResult;
import dev.gantry.engine.Waiting;
import dev.gantry.engine.request.WaitCondition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class WaitsTest {
    private static final WaitResult RESULT = new WaitResult(7, null);

    private final Waits waits = new Waits();

    @Test
    void endWithTheRemoval() throws Exception {
        try (Waiting wait = waits.register(WaitCondition.REMOVED)) {
            waits.exited(new WaitResult(1, null));
            waits.removed(RESULT);
            assertThat(wait.await()).isEqualTo(RESULT);
        }
    }

    @Test
    void endAtOnceWhenTheContainerIsGoneAlready() throws Exception {
        waits.removed(RESULT);
        for (WaitCondition each : WaitCondition.values()) {
            try (Waiting wait = waits.register(each)) {
                assertThat(wait.await()).isEqualTo(RESULT);
            }
        }
    }
}
