package dev.gantry.engine.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gantry.engine.Attachment;
import dev.gantry.engine.EngineException.Unsupported;
import dev.gantry.engine.StreamType;
import dev.gantry.engine.event.EventLog;
import dev.gantry.engine.request.AttachOptions;
import dev.gantry.engine.state.LifeCycle;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
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

    @Test
    void givesWhatIsWrittenAfterTheJoinOnlyOnce() throws Exception {
        Container container =
                TestContainer.make(root, LifeCycle.Created.FRESH, "{\"LogConfig\":{\"Type\":\"json-file\"}}");
        container.log().open();
        record(container, "past\n");
        var withLogs = new AttachOptions(false, true, true, true, true, null);
        Attachment attachment = Attaching.attach(container, withLogs, new LifeEvents(new EventLog()));
        container.streams().begin(null);
        record(container, "live\n");
        container.log().close();
        container.streams().end();

        var output = new ByteArrayOutputStream();
        attachment.copyOutput((_, bytes, offset, length) -> output.write(bytes, offset, length));
        assertThat(output.toString(StandardCharsets.UTF_8)).isEqualTo("past\nlive\n");
    }

    private static void record(Container container, String text) throws Exception {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        int _ = container.log().record(StreamType.STDOUT, bytes, bytes.length, -1, true);
        container.streams().publish(StreamType.STDOUT, bytes, 0, bytes.length);
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
