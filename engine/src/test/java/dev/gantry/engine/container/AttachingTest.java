package dev.gantry.engine.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gantry.engine.EngineException.Unsupported;
import dev.gantry.engine.StreamType;
import dev.gantry.engine.config.ConfigJson;
import dev.gantry.engine.config.ContainerConfig;
import dev.gantry.engine.config.HostConfig;
import dev.gantry.engine.event.EventLog;
import dev.gantry.engine.request.AttachOptions;
import dev.gantry.engine.state.LifeCycle;
import dev.gantry.engine.state.Restarts;
import dev.gantry.oci.ImageReference;
import dev.gantry.oci.image.Execution;
import dev.gantry.store.Image;
import dev.gantry.store.ImageStore;
import dev.gantry.store.Lease;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(20)
class AttachingTest {
    @TempDir
    private Path root = Path.of("");

    @Test
    void leavesNobodyThereWhenTheLogCannotBeRead() throws Exception {
        Container container = container("{\"LogConfig\":{\"Type\":\"none\"}}");
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

    private Container container(String host) throws IOException {
        ImageStore store = ImageStore.open(root.resolve("images"));
        Image image = store.addBuiltIn(
                ImageReference.parse("web"), Execution.empty().toBuilder().build(), Map.of("serve", new byte[] {1}));
        Lease lease = store.lease(image.id());
        var definition = new Definition(
                "0".repeat(64),
                "web",
                Instant.EPOCH,
                image.id(),
                "linux",
                ConfigJson.mapper().readValue("{\"Image\":\"web\"}", ContainerConfig.class),
                ConfigJson.mapper().readValue(host, HostConfig.class));
        var files = new ContainerFiles(root.resolve(definition.id()), root.resolve("journals"));
        return new Container(definition, LifeCycle.Created.FRESH, Restarts.NONE, files, lease);
    }
}
