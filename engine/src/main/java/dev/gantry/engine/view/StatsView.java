package dev.gantry.engine.view;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import tools.jackson.databind.annotation.JsonNaming;

/// What a container uses of the host, as the Engine API tells it.
///
/// @param name with a slash before it
/// @param read when; Go's zero time if the container does not run
/// @param preread when `precpuStats` were read; Go's zero time before the second sample
/// @param numProcs 0: Windows
/// @param storageStats empty: Windows
/// @param networks by interface; absent without any
/// @param pressureStats by resource; Gantry's own, absent where the kernel does not say
@JsonNaming(SnakeCaseStrategy.class)
@JsonInclude(Include.ALWAYS)
public record StatsView(
        String name,
        String id,
        String read,
        String preread,
        PidsStats pidsStats,
        BlkioStats blkioStats,
        int numProcs,
        Map<String, Long> storageStats,
        CpuStats cpuStats,
        CpuStats precpuStats,
        MemoryStats memoryStats,
        @JsonInclude(Include.NON_EMPTY) Map<String, NetworkStats> networks,
        @JsonInclude(Include.NON_EMPTY) Map<String, PressureStats> pressureStats) {
    private static final String NEVER = "0001-";

    /// Whether there was something to be sampled.
    public boolean describesRunning() {
        return !read.startsWith(NEVER);
    }

    /// Processes and threads.
    ///
    /// @param limit 0 and absent for none
    @JsonNaming(SnakeCaseStrategy.class)
    @JsonInclude(Include.NON_DEFAULT)
    public record PidsStats(long current, long limit) {}

    /// Block devices; null is what this version of cgroups does not have.
    @JsonNaming(SnakeCaseStrategy.class)
    @JsonInclude(Include.ALWAYS)
    public record BlkioStats(
            @Nullable List<BlkioEntry> ioServiceBytesRecursive,
            @Nullable List<BlkioEntry> ioServicedRecursive,
            @Nullable List<BlkioEntry> ioQueueRecursive,
            @Nullable List<BlkioEntry> ioServiceTimeRecursive,
            @Nullable List<BlkioEntry> ioWaitTimeRecursive,
            @Nullable List<BlkioEntry> ioMergedRecursive,
            @Nullable List<BlkioEntry> ioTimeRecursive,
            @Nullable List<BlkioEntry> sectorsRecursive) {
        public static final BlkioStats NONE = new BlkioStats(null, null, null, null, null, null, null, null);
    }

    /// A figure of one device.
    @JsonNaming(SnakeCaseStrategy.class)
    @JsonInclude(Include.ALWAYS)
    public record BlkioEntry(long major, long minor, String op, long value) {}

    /// Processor time in nanoseconds.
    ///
    /// @param systemCpuUsage of the host
    @JsonNaming(SnakeCaseStrategy.class)
    public record CpuStats(
            CpuUsage cpuUsage,
            @JsonInclude(Include.NON_DEFAULT) long systemCpuUsage,
            @JsonInclude(Include.NON_DEFAULT) int onlineCpus,
            Throttling throttlingData) {}

    /// Processor time of the container.
    @JsonNaming(SnakeCaseStrategy.class)
    public record CpuUsage(
            @JsonInclude(Include.ALWAYS) long totalUsage,
            @JsonInclude(Include.NON_EMPTY) List<Long> percpuUsage,
            @JsonInclude(Include.ALWAYS) long usageInKernelmode,
            @JsonInclude(Include.ALWAYS) long usageInUsermode) {}

    /// How a quota held the container back.
    @JsonNaming(SnakeCaseStrategy.class)
    @JsonInclude(Include.ALWAYS)
    public record Throttling(long periods, long throttledPeriods, long throttledTime) {}

    /// Memory in bytes.
    @JsonNaming(SnakeCaseStrategy.class)
    @JsonInclude(Include.NON_DEFAULT)
    public record MemoryStats(
            long usage,
            long maxUsage,
            @JsonInclude(Include.NON_EMPTY) Map<String, Long> stats,
            long failcnt,
            long limit) {
        public static final MemoryStats NONE = new MemoryStats(0, 0, Map.of(), 0, 0);
    }

    /// What has passed an interface.
    @JsonNaming(SnakeCaseStrategy.class)
    @JsonInclude(Include.ALWAYS)
    public record NetworkStats(
            long rxBytes,
            long rxPackets,
            long rxErrors,
            long rxDropped,
            long txBytes,
            long txPackets,
            long txErrors,
            long txDropped) {}

    /// How long the processes waited for a resource, as the kernel's pressure stall information has it.
    ///
    /// @param some while at least one waited
    /// @param full while all did
    public record PressureStats(
            StallStats some,
            @JsonInclude(Include.NON_NULL) @Nullable StallStats full) {}

    /// Parts of the time in percent, and its sum in microseconds.
    @JsonInclude(Include.ALWAYS)
    public record StallStats(
            @JsonProperty("avg10") double average10,
            @JsonProperty("avg60") double average60,
            @JsonProperty("avg300") double average300,
            @JsonProperty("total") long total) {}
}
