package dev.gantry.engine.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gantry.engine.EngineException.Unsupported;
import dev.gantry.engine.StreamType;
import dev.gantry.engine.event.EventLog;
import dev.gantry.engine.request.AttachOptions;
import dev.gantry.engine.state.LifeCycle;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(20)
class AttachingTest {
    @TempDir
    private Path root = Path.of("");

    @Test
    void leavesNobodyThereWhenTheLogCannotBeRead() throws Exception {
        Container container = TestContainer.make(root, LifeCycle.Created.FRESH, "{\"LogConfig\":{\"Type\":\"none\"}}");
        var withLogs = new AttachOptions(false, true, true, true, true, null);
        var events = new LifeEvents(new EventLog());
        assertThatThrownBy(() -> Attaching.attach(container, withLogs, events)).isInstanceOf(Unsupported.class);

        container.streams().begin(null);
        Thread process = Thread.ofVirtual().name("process").start(() -> write(container));
        assertThat(process.join(Duration.ofSeconds(5))).isTrue();
    }

    /// More than anybody holds back for a client.
    private static void write(Container container) {
        try {
            for (int i = 0; i < 3; i++) {
                container.streams().publish(StreamType.STDOUT, new byte[1 << 20], 0, 1 << 20);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
