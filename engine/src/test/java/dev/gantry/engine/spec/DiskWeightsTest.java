package dev.gantry.engine.spec;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DiskWeightsTest {
    @TempDir
    private Path sys = Path.of("");

    private static DeviceNode disk(long minor) {
        return new DeviceNode("b", 8, minor, 0660, 0, 6);
    }

    private void schedule(String number, String schedulers) throws IOException {
        Path queue = Files.createDirectories(sys.resolve(number).resolve("queue"));
        Files.writeString(queue.resolve("scheduler"), schedulers + "\n");
    }

    @Test
    void areKnownWhereBfqSchedulesOrCostsAreEnabled() throws IOException {
        schedule("8:0", "none mq-deadline [bfq]");
        schedule("8:16", "none [mq-deadline] bfq");
        schedule("8:32", "[none]");
        schedule("8:48", "[none]");
        Path costs = Files.writeString(
                sys.resolve("io.cost.qos"), "8:32 enable=0 ctrl=auto rpct=0.00\n8:48 enable=1 ctrl=auto rpct=0.00\n");
        DiskWeights weights = new DiskWeights(sys, costs);

        assertThat(weights.areKnownTo(disk(0))).isTrue();
        assertThat(weights.areKnownTo(disk(16))).isFalse();
        assertThat(weights.areKnownTo(disk(32))).isFalse();
        assertThat(weights.areKnownTo(disk(48))).isTrue();
    }

    @Test
    void areKnownToNothingThatIsNoDisk() {
        assertThat(new DiskWeights(sys, sys.resolve("no")).areKnownTo(disk(1))).isFalse();
    }
}
