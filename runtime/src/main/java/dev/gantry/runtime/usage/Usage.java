package dev.gantry.runtime.usage;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What the processes of a container have used of the host since its start, as its cgroups count it.
///
/// @param cpu null without a controller that counts it
/// @param memory null without the controller
/// @param tasks null without the controller
/// @param pressure by resource, as [dev.gantry.runtime.RunningContainer#pressure]
public record Usage(
        @Nullable Cpu cpu,
        @Nullable Memory memory,
        @Nullable Tasks tasks,
        BlockIo blockIo,
        Map<String, Pressure> pressure) {
    public Usage {
        pressure = Map.copyOf(pressure);
    }

    /// Processor time in nanoseconds.
    ///
    /// @param byCpu of each CPU; empty with cgroup v2, which does not say
    /// @param user in user mode
    /// @param system in the kernel
    public record Cpu(long total, List<Long> byCpu, long user, long system, Throttling throttling) {
        public Cpu {
            byCpu = List.copyOf(byCpu);
        }
    }

    /// How a quota held the processes back.
    ///
    /// @param periods in which there was something to run
    /// @param throttledPeriods in which the quota was used up
    /// @param throttledNanoseconds how long they were held back
    public record Throttling(long periods, long throttledPeriods, long throttledNanoseconds) {}

    /// Memory in bytes.
    ///
    /// @param usage with the page cache
    /// @param maximum the most ever; 0 with cgroup v2, which is not asked
    /// @param limit [Long#MAX_VALUE] or about as much for none
    /// @param failures how often the limit was in the way
    /// @param statistics the figures of `memory.stat`
    public record Memory(long usage, long maximum, long limit, long failures, Map<String, Long> statistics) {
        public Memory {
            statistics = Map.copyOf(statistics);
        }
    }

    /// Processes and threads.
    ///
    /// @param limit 0 for none
    public record Tasks(long current, long limit) {}

    /// What was read from and written to block devices.
    ///
    /// @param bytes how much
    /// @param operations how often; null with cgroup v2, as dockerd does not tell it
    public record BlockIo(List<Device> bytes, @Nullable List<Device> operations) {
        public BlockIo {
            bytes = List.copyOf(bytes);
            operations = operations == null ? null : List.copyOf(operations);
        }
    }

    /// A figure of one device and one kind of operation.
    ///
    /// @param operation `Read`, `Write`, … with cgroup v1, `read` and `write` with v2
    public record Device(long major, long minor, String operation, long value) {}
}
