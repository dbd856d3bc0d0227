package dev.gantry.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gantry.kernel.Signal;
import dev.gantry.oci.runtime.Namespace;
import dev.gantry.oci.runtime.Spec;
import dev.gantry.runtime.usage.Usage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What running containers use, on whatever version of cgroups this host has.
@Timeout(60)
class UsageIT {
    private TestHost host;

    @BeforeEach
    void makeHost() throws Exception {
        host = new TestHost();
    }

    @AfterEach
    void removeHost() throws Exception {
        assertThat(host.leftBehind()).isEmpty();
        assertThat(host.cgroups()).isEmpty();
        host.close();
    }

    @Test
    void growsWithWhatTheContainerDoes() throws Exception {
        Spec spec = TestHost.with(
                TestHost.spec("sh", "-c", "sleep 1000 & while :; do :; done"),
                "linux.resources",
                Map.of("memory", Map.of("limit", 64 << 20), "pids", Map.of("limit", 20)));
        RunningContainer container = host.start(spec);
        Usage first = container.usage();
        TestHost.await(
                "the container works",
                () -> container.processes().size() == 2
                        && cpu(container).total() > cpu(first).total() + 50_000_000
                        && cpu(container).user() > 0);
        container.pause(); // the kernel tells the sum later than its parts
        Usage usage = container.usage();
        container.resume();

        assertThat(cpu(usage).byCpu().stream().mapToLong(Long::longValue).sum())
                .isIn(0L, cpu(usage).total());
        assertThat(usage.tasks()).isEqualTo(new Usage.Tasks(2, 20));
        Usage.Memory memory = Objects.requireNonNull(usage.memory());
        assertThat(memory.limit()).isEqualTo(64 << 20);
        assertThat(memory.usage()).isBetween(4096L, 64L << 20);
        assertThat(memory.statistics()).containsKeys("inactive_file", "pgfault");
        if (Files.exists(Path.of("/proc/pressure/cpu"))) {
            assertThat(usage.pressure()).containsOnlyKeys("cpu", "io", "memory");
        }
        TestHost.remove(container);
    }

    @Test
    void tellsHowAQuotaHoldsItBack() throws Exception {
        RunningContainer container = host.start(TestHost.with(
                TestHost.spec("sh", "-c", "while :; do :; done"),
                "linux.resources.cpu",
                Map.of("quota", 10_000, "period", 100_000)));

        TestHost.await(
                "the quota is used up",
                () -> cpu(container).throttling().throttledPeriods() > 1
                        && cpu(container).throttling().throttledNanoseconds() > 0);
        Usage.Throttling throttling = cpu(container).throttling();
        assertThat(throttling.periods()).isGreaterThanOrEqualTo(throttling.throttledPeriods());
        TestHost.remove(container);
    }

    @Test
    void namesNoInterfaceOfTheHost() throws Exception {
        RunningContainer own = host.idle();
        Spec spec = TestHost.spec("sleep", "1000");
        RunningContainer joined = host.start(TestHost.withNamespace(spec, Namespace.Type.NETWORK, "/proc/self/ns/net"));

        assertThat(own.interfaces()).isEmpty();
        assertThat(joined.interfaces()).isEmpty();
        TestHost.remove(joined);
        TestHost.remove(own);
    }

    @Test
    void isNotToBeHadOfAContainerThatHasEnded() throws Exception {
        RunningContainer container = host.idle();
        container.kill(Signal.KILL);
        container.awaitExit();

        assertThatThrownBy(container::interfaces).isInstanceOf(IOException.class);
        TestHost.remove(container);
    }

    private static Usage.Cpu cpu(Usage usage) {
        return Objects.requireNonNull(usage.cpu());
    }

    private static Usage.Cpu cpu(RunningContainer container) throws IOException {
        return cpu(container.usage());
    }
}
