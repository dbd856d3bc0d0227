package dev.gantry.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.runtime.network.SpareNetwork;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A network namespace that was made ahead is like one that is made with the process.
@Timeout(60)
class SpareNetworkIT {
    private static CanaryHost host;
    private static SpareNetwork spare;
    private static ContainerRuntime runtime;

    @BeforeAll
    static void makeRuntime() throws Exception {
        host = new CanaryHost();
        spare = new SpareNetwork();
        runtime = host.runtime(spare);
    }

    @AfterAll
    static void leaveNothing() throws Exception {
        assertThat(host.leftBehind()).isEmpty();
        host.close();
    }

    @Test
    void areDifferentInEachContainerAndNotTheHosts() throws Exception {
        List<RunningContainer> containers = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        seen.add(Files.readSymbolicLink(Path.of("/proc/self/ns/net")).toString());
        try {
            for (int i = 0; i < 6; i++) {
                if (i % 3 != 0) {
                    TracedContainers.awaitReady(spare);
                } // else at once, when there may be no other one yet: it makes its own
                containers.add(
                        host.start(runtime, CanaryHost.spec("sh", "-c", "readlink /proc/self/ns/net; exec sleep 100")));
                BufferedReader output = new BufferedReader(
                        new InputStreamReader(containers.getLast().stdout(), StandardCharsets.UTF_8));
                assertThat(seen.add(output.readLine())).isTrue();
            }
        } finally {
            for (RunningContainer each : containers) {
                try (each) {
                    CanaryHost.end(each);
                }
            }
        }
    }

    @Test
    void haveNothingButTheLoopbackInterfaceWhichIsUp() throws Exception {
        TracedContainers.awaitReady(spare);
        String interfaces = host.run(runtime, CanaryHost.spec("cat", "/proc/net/dev"));
        assertThat(interfaces.lines().skip(2).map(line -> line.strip().split(":", -1)[0]))
                .containsExactly("lo");
        TracedContainers.awaitReady(spare);
        assertThat(host.run(runtime, CanaryHost.spec("cat", "/proc/net/fib_trie")))
                .contains("127.0.0.1");
    }
}
