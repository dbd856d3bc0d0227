package dev.gantry.runtime.cgroup;

import dev.gantry.runtime.usage.Usage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Reads what a container uses from its directories of version 1.
final class V1Usage {
    /// USER_HZ, in which the kernel tells times to programs.
    private static final long NANOSECONDS_OF_A_TICK = 10_000_000;

    private V1Usage() {}

    /// @param directory of a controller; null where there is none
    /// @param unified the directory of version 2 beside them
    static Usage read(Function<String, @Nullable Path> directory, @Nullable Path unified) throws IOException {
        return new Usage(
                cpu(directory.apply("cpuacct"), directory.apply("cpu")),
                memory(directory.apply("memory")),
                tasks(directory.apply("pids")),
                blockIo(directory.apply("blkio")),
                Figures.pressure(unified));
    }

    private static Usage.@Nullable Cpu cpu(@Nullable Path accounting, @Nullable Path scheduling) throws IOException {
        if (accounting == null) {
            return null;
        }
        List<Long> byCpu = new ArrayList<>();
        for (String line : Figures.lines(accounting, "cpuacct.usage_percpu")) {
            Arrays.stream(line.strip().split(" ", -1))
                    .map(Long::parseUnsignedLong)
                    .forEach(byCpu::add);
        }
        Map<String, Long> ticks = Figures.keyed(accounting, "cpuacct.stat");
        Map<String, Long> quota = Figures.keyed(scheduling, "cpu.stat");
        return new Usage.Cpu(
                Figures.number(accounting, "cpuacct.usage"),
                byCpu,
                ticks.getOrDefault("user", 0L) * NANOSECONDS_OF_A_TICK,
                ticks.getOrDefault("system", 0L) * NANOSECONDS_OF_A_TICK,
                new Usage.Throttling(
                        quota.getOrDefault("nr_periods", 0L),
                        quota.getOrDefault("nr_throttled", 0L),
                        quota.getOrDefault("throttled_time", 0L)));
    }

    private static Usage.@Nullable Memory memory(@Nullable Path directory) throws IOException {
        return directory == null
                ? null
                : new Usage.Memory(
                        Figures.number(directory, "memory.usage_in_bytes"),
                        Figures.number(directory, "memory.max_usage_in_bytes"),
                        Figures.number(directory, "memory.limit_in_bytes", Long.MAX_VALUE, Long.MAX_VALUE),
                        Figures.number(directory, "memory.failcnt"),
                        Figures.keyed(directory, "memory.stat"));
    }

    private static Usage.@Nullable Tasks tasks(@Nullable Path directory) throws IOException {
        return directory == null
                ? null
                : new Usage.Tasks(Figures.number(directory, "pids.current"), Figures.number(directory, "pids.max"));
    }

    /// From the throttling policy's counters, which see all that is read and written, whatever the scheduler.
    private static Usage.BlockIo blockIo(@Nullable Path directory) throws IOException {
        return new Usage.BlockIo(devices(directory, "io_service_bytes"), devices(directory, "io_serviced"));
    }

    private static List<Usage.Device> devices(@Nullable Path directory, String what) throws IOException {
        List<String> lines = Figures.lines(directory, "blkio.throttle." + what + "_recursive");
        if (lines.isEmpty()) {
            lines = Figures.lines(directory, "blkio.throttle." + what); // before 4.17
        }
        List<Usage.Device> result = new ArrayList<>();
        for (String line : lines) {
            // 254:0 Read 4096; the sum of all devices has no number
            String[] words = line.split("[: ]", -1);
            if (words.length == 4) {
                result.add(new Usage.Device(
                        Long.parseLong(words[0]),
                        Long.parseLong(words[1]),
                        words[2],
                        Long.parseUnsignedLong(words[3])));
            }
        }
        return result;
    }
}
