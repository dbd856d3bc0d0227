package dev.gantry.bundle;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.gantry.runtime.usage.Usage;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a container uses, in the form of `runc events`: members that are 0 or empty are left out, as there.
@JsonInclude(JsonInclude.Include.NON_NULL)
record Statistics(
        @Nullable Cpu cpu,
        @Nullable Memory memory,
        @Nullable Pids pids,
        @JsonProperty("blkio") BlockIo blockIo) {
    static Statistics of(Usage usage) {
        return new Statistics(
                cpu(usage.cpu()), memory(usage.memory()), pids(usage.tasks()), BlockIo.of(usage.blockIo()));
    }

    /// Processor time.
    record Cpu(Time usage, Throttling throttling) {}

    /// In nanoseconds.
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    record Time(
            @JsonProperty("total") long total,
            @JsonProperty("percpu") List<Long> byCpu,
            long kernel,
            long user) {}

    /// How a quota held the processes back.
    @JsonInclude(JsonInclude.Include.NON_DEFAULT)
    record Throttling(long periods, long throttledPeriods, long throttledTime) {}

    private static @Nullable Cpu cpu(Usage.@Nullable Cpu cpu) {
        if (cpu == null) {
            return null;
        }
        Usage.Throttling held = cpu.throttling();
        return new Cpu(
                new Time(cpu.total(), cpu.byCpu(), cpu.system(), cpu.user()),
                new Throttling(held.periods(), held.throttledPeriods(), held.throttledNanoseconds()));
    }

    /// In bytes.
    @JsonInclude(JsonInclude.Include.NON_DEFAULT)
    record Memory(long cache, Use usage, Map<String, Long> raw) {}

    /// One kind of memory.
    record Use(
            long limit,
            long usage,
            long max,
            @JsonProperty("failcnt") long failures) {}

    private static @Nullable Memory memory(Usage.@Nullable Memory memory) {
        if (memory == null) {
            return null;
        }
        Map<String, Long> figures = memory.statistics();
        return new Memory(
                figures.getOrDefault("cache", figures.getOrDefault("file", 0L)),
                new Use(memory.limit(), memory.usage(), memory.maximum(), memory.failures()),
                figures);
    }

    /// Processes and threads.
    @JsonInclude(JsonInclude.Include.NON_DEFAULT)
    record Pids(long current, long limit) {}

    private static @Nullable Pids pids(Usage.@Nullable Tasks tasks) {
        return tasks == null ? null : new Pids(tasks.current(), tasks.limit());
    }

    /// Block devices.
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    record BlockIo(
            @JsonProperty("ioServiceBytesRecursive") List<Entry> bytes,
            @JsonProperty("ioServicedRecursive") List<Entry> operations) {
        /// A figure of one device and one kind of operation.
        record Entry(long major, long minor, String op, long value) {}

        static BlockIo of(Usage.BlockIo usage) {
            return new BlockIo(entries(usage.bytes()), entries(usage.operations()));
        }

        private static List<Entry> entries(@Nullable List<Usage.Device> devices) {
            return devices == null
                    ? List.of()
                    : devices.stream()
                            .map(each -> new Entry(each.major(), each.minor(), each.operation(), each.value()))
                            .toList();
        }
    }
}
