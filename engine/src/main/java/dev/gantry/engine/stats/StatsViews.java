package dev.gantry.engine.stats;

import dev.gantry.engine.system.Machine;
import dev.gantry.engine.system.ProcessorTime;
import dev.gantry.engine.time.Timestamps;
import dev.gantry.engine.view.StatsView;
import dev.gantry.engine.view.StatsView.BlkioEntry;
import dev.gantry.engine.view.StatsView.BlkioStats;
import dev.gantry.engine.view.StatsView.CpuStats;
import dev.gantry.engine.view.StatsView.CpuUsage;
import dev.gantry.engine.view.StatsView.MemoryStats;
import dev.gantry.engine.view.StatsView.NetworkStats;
import dev.gantry.engine.view.StatsView.PidsStats;
import dev.gantry.engine.view.StatsView.PressureStats;
import dev.gantry.engine.view.StatsView.Throttling;
import dev.gantry.runtime.usage.InterfaceCounters;
import dev.gantry.runtime.usage.Pressure;
import dev.gantry.runtime.usage.Usage;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// From samples to what the API tells.
public final class StatsViews {
    private static final CpuStats NO_CPU =
            new CpuStats(new CpuUsage(0, List.of(), 0, 0), 0, 0, new Throttling(0, 0, 0));

    private StatsViews() {}

    /// Of a container that does not run.
    public static StatsView empty(String id, String name) {
        return new StatsView(
                shown(name),
                id,
                Timestamps.nano(Timestamps.NEVER),
                Timestamps.nano(Timestamps.NEVER),
                new PidsStats(0, 0),
                BlkioStats.NONE,
                0,
                Map.of(),
                NO_CPU,
                NO_CPU,
                MemoryStats.NONE,
                Map.of(),
                Map.of());
    }

    static StatsView of(String id, String name, Sample sample, @Nullable StatsView previous) {
        Usage usage = sample.usage();
        return new StatsView(
                shown(name),
                id,
                Timestamps.nano(sample.time()),
                previous == null ? Timestamps.nano(Timestamps.NEVER) : previous.read(),
                tasks(usage.tasks()),
                blkio(usage.blockIo()),
                0,
                Map.of(),
                cpu(usage.cpu(), sample.processors()),
                previous == null ? NO_CPU : previous.cpuStats(),
                memory(usage.memory()),
                mapped(sample.interfaces(), StatsViews::network),
                mapped(usage.pressure(), StatsViews::pressure));
    }

    private static String shown(String name) {
        return "/" + name;
    }

    private static PidsStats tasks(Usage.@Nullable Tasks tasks) {
        return tasks == null ? new PidsStats(0, 0) : new PidsStats(tasks.current(), tasks.limit());
    }

    private static CpuStats cpu(Usage.@Nullable Cpu cpu, ProcessorTime processors) {
        if (cpu == null) {
            return NO_CPU;
        }
        Usage.Throttling throttling = cpu.throttling();
        return new CpuStats(
                new CpuUsage(cpu.total(), cpu.byCpu(), cpu.system(), cpu.user()),
                processors.nanoseconds(),
                processors.online(),
                new Throttling(throttling.periods(), throttling.throttledPeriods(), throttling.throttledNanoseconds()));
    }

    /// No limit is the host's memory.
    private static MemoryStats memory(Usage.@Nullable Memory memory) {
        return memory == null
                ? MemoryStats.NONE
                : new MemoryStats(
                        memory.usage(),
                        memory.maximum(),
                        new TreeMap<>(memory.statistics()),
                        memory.failures(),
                        Math.min(memory.limit(), Machine.memory()));
    }

    /// Version 2 does not have what is null; nobody counts the rest any more.
    private static BlkioStats blkio(Usage.BlockIo io) {
        List<BlkioEntry> none = io.operations() == null ? null : List.of();
        return new BlkioStats(
                entries(io.bytes()),
                io.operations() == null ? null : entries(io.operations()),
                none,
                none,
                none,
                none,
                none,
                none);
    }

    private static List<BlkioEntry> entries(List<Usage.Device> devices) {
        return devices.stream()
                .map(each -> new BlkioEntry(each.major(), each.minor(), each.operation(), each.value()))
                .toList();
    }

    private static NetworkStats network(InterfaceCounters counters) {
        InterfaceCounters.Direction in = counters.received();
        InterfaceCounters.Direction out = counters.sent();
        return new NetworkStats(
                in.bytes(),
                in.packets(),
                in.errors(),
                in.dropped(),
                out.bytes(),
                out.packets(),
                out.errors(),
                out.dropped());
    }

    private static PressureStats pressure(Pressure pressure) {
        Pressure.Stall full = pressure.full();
        return new PressureStats(stall(pressure.some()), full == null ? null : stall(full));
    }

    private static StatsView.StallStats stall(Pressure.Stall stall) {
        return new StatsView.StallStats(
                stall.average10(), stall.average60(), stall.average300(), stall.totalMicroseconds());
    }

    private static <A, B> Map<String, B> mapped(Map<String, A> from, Function<A, B> mapping) {
        Map<String, B> result = new TreeMap<>();
        from.forEach((key, value) -> result.put(key, mapping.apply(value)));
        return result;
    }
}
