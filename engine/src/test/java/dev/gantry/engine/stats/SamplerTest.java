package dev.gantry.engine.stats;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.engine.view.StatsView;
import dev.gantry.oci.Json;
import dev.gantry.runtime.RunningContainer;
import dev.gantry.runtime.usage.InterfaceCounters;
import dev.gantry.runtime.usage.InterfaceCounters.Direction;
import dev.gantry.runtime.usage.Pressure;
import dev.gantry.runtime.usage.Usage;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class SamplerTest {
    private static final Usage USAGE = new Usage(
            new Usage.Cpu(700, List.of(300L, 400L), 500, 200, new Usage.Throttling(3, 2, 1)),
            new Usage.Memory(4096, 8192, Long.MAX_VALUE, 0, Map.of("cache", 5L)),
            new Usage.Tasks(2, 0),
            new Usage.BlockIo(List.of(new Usage.Device(254, 0, "Read", 512)), List.of()),
            Map.of("cpu", new Pressure(new Pressure.Stall(1.5, 0.25, 0, 7), null)));

    private final AtomicInteger readings = new AtomicInteger();
    private final Sampler sampler = new Sampler(container());

    private RunningContainer container() {
        return (RunningContainer) Proxy.newProxyInstance(
                RunningContainer.class.getClassLoader(),
                new Class<?>[] {RunningContainer.class},
                (_, method, _) -> switch (method.getName()) {
                    case "id" -> "c".repeat(64);
                    case "usage" -> {
                        readings.incrementAndGet();
                        yield USAGE;
                    }
                    case "interfaces" ->
                        Map.of("eth0", new InterfaceCounters(new Direction(10, 1, 0, 0), new Direction(20, 2, 0, 0)));
                    default -> throw new UnsupportedOperationException(method.getName());
                });
    }

    @Test
    void readsOnceForTwoHundredWhoAskAtTheSameTime() throws Exception {
        long begin = System.nanoTime();
        StatsView earlier = sampler.sample("web", null);
        List<Future<StatsView>> answers = new ArrayList<>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 200; i++) {
                answers.add(threads.submit(() -> sampler.sample("web", earlier)));
            }
            for (Future<StatsView> each : answers) {
                assertThat(each.get().preread()).isEqualTo(earlier.read());
            }
        }
        // once more for each second that a busy machine takes for it
        long most = 1 + TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin) / 900;
        assertThat(readings.get()).isBetween(1, (int) most);
    }

    @Test
    void tellsTheDifferenceToTheSampleBefore() throws Exception {
        StatsView first = sampler.sample("web", null);
        StatsView second = sampler.sample("web", first);

        assertThat(first.preread()).isEqualTo("0001-01-01T00:00:00Z");
        assertThat(first.precpuStats().cpuUsage().totalUsage()).isZero();
        assertThat(second.preread()).isEqualTo(first.read());
        assertThat(second.precpuStats()).isEqualTo(first.cpuStats());
    }

    @Test
    void writesWhatDockersClientsRead() throws Exception {
        String json = new String(Json.write(sampler.sample("web", null)), StandardCharsets.UTF_8);

        assertThat(json)
                .startsWith("{\"name\":\"/web\",\"id\":\"ccc")
                .contains(
                        "\"pids_stats\":{\"current\":2}",
                        "\"io_service_bytes_recursive\":[{\"major\":254,\"minor\":0,\"op\":\"Read\",\"value\":512}]",
                        "\"io_serviced_recursive\":[]",
                        "\"num_procs\":0,\"storage_stats\":{}",
                        "\"cpu_usage\":{\"total_usage\":700,\"percpu_usage\":[300,400],\"usage_in_kernelmode\":200,"
                                + "\"usage_in_usermode\":500},\"system_cpu_usage\":",
                        "\"throttling_data\":{\"periods\":3,\"throttled_periods\":2,\"throttled_time\":1}",
                        "\"precpu_stats\":{\"cpu_usage\":{\"total_usage\":0,\"usage_in_kernelmode\":0,"
                                + "\"usage_in_usermode\":0},\"throttling_data\"",
                        "\"memory_stats\":{\"usage\":4096,\"max_usage\":8192,\"stats\":{\"cache\":5},\"limit\":",
                        "\"networks\":{\"eth0\":{\"rx_bytes\":10,\"rx_packets\":1,\"rx_errors\":0,\"rx_dropped\":0,"
                                + "\"tx_bytes\":20,\"tx_packets\":2,\"tx_errors\":0,\"tx_dropped\":0}}",
                        "\"pressure_stats\":{\"cpu\":{\"some\":{\"avg10\":1.5,\"avg60\":0.25,\"avg300\":0.0,"
                                + "\"total\":7}}}");
    }

    /// As dockerd does: clients tell a stopped container by it.
    @Test
    void hasNoFiguresOfAContainerThatDoesNotRun() {
        StatsView view = StatsViews.empty("c".repeat(64), "web");

        assertThat(view.describesRunning()).isFalse();
        assertThat(new String(Json.write(view), StandardCharsets.UTF_8))
                .contains("\"read\":\"0001-01-01T00:00:00Z\"", "\"pids_stats\":{}", "\"memory_stats\":{}")
                .contains("\"io_service_bytes_recursive\":null")
                .doesNotContain("networks", "pressure_stats", "system_cpu_usage", "describes");
    }
}
