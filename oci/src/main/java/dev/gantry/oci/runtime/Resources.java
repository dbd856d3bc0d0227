package dev.gantry.oci.runtime;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Control-group limits. A limit that is null is not written at all.
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record Resources(
        List<DeviceRule> devices,
        @Nullable Memory memory,
        @Nullable Cpu cpu,
        @Nullable Pids pids,
        @Nullable @JsonProperty("blockIO") BlockIo blockIo,
        List<HugepageLimit> hugepageLimits,
        @Nullable Network network,
        Map<String, Rdma> rdma,
        Map<String, String> unified) {
    public Resources {
        devices = Lists.of(devices);
        hugepageLimits = Lists.of(hugepageLimits);
        rdma = Lists.of(rdma);
        unified = Lists.of(unified);
    }

    /// Memory, in bytes; -1 is no limit.
    ///
    /// @param swap memory and swap together
    /// @param swappiness 0 to 100
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Memory(
            @Nullable Long limit,
            @Nullable Long reservation,
            @Nullable Long swap,
            @Nullable Long kernel,
            @Nullable @JsonProperty("kernelTCP") Long kernelTcp,
            @Nullable Long swappiness,
            @Nullable @JsonProperty("disableOOMKiller") Boolean disableOomKiller,
            @Nullable Boolean useHierarchy,
            @Nullable Boolean checkBeforeUpdate) {}

    /// CPU time and placement; times in microseconds.
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Cpu(
            @Nullable Long shares,
            @Nullable Long quota,
            @Nullable Long burst,
            @Nullable Long period,
            @Nullable Long realtimeRuntime,
            @Nullable Long realtimePeriod,
            @Nullable String cpus,
            @Nullable String mems,
            @Nullable Long idle) {}

    /// The number of tasks; 0 or less is no limit.
    public record Pids(@JsonProperty("limit") long limit) {}

    /// Block devices: weights of 10 to 1000, and throttles.
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    public record BlockIo(
            @Nullable Integer weight,
            @Nullable Integer leafWeight,
            List<Weight> weightDevice,
            List<Throttle> throttleReadBpsDevice,
            List<Throttle> throttleWriteBpsDevice,
            @JsonProperty("throttleReadIOPSDevice") List<Throttle> throttleReadIopsDevice,
            @JsonProperty("throttleWriteIOPSDevice") List<Throttle> throttleWriteIopsDevice) {
        public BlockIo {
            weightDevice = Lists.of(weightDevice);
            throttleReadBpsDevice = Lists.of(throttleReadBpsDevice);
            throttleWriteBpsDevice = Lists.of(throttleWriteBpsDevice);
            throttleReadIopsDevice = Lists.of(throttleReadIopsDevice);
            throttleWriteIopsDevice = Lists.of(throttleWriteIopsDevice);
        }

        /// The weight of one device.
        @JsonInclude(JsonInclude.Include.NON_NULL)
        public record Weight(
                long major,
                long minor,
                @Nullable Integer weight,
                @Nullable Integer leafWeight) {}

        /// The throttle of one device, in bytes or operations per second.
        public record Throttle(long major, long minor, long rate) {}
    }

    /// Huge pages of one size (`2MB`), in bytes.
    public record HugepageLimit(String pageSize, long limit) {}

    /// Network classes and priorities (cgroup v1).
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    public record Network(@Nullable @JsonProperty("classID") Long classId, List<Priority> priorities) {
        public Network {
            priorities = Lists.of(priorities);
        }

        /// The priority of one interface.
        public record Priority(String name, long priority) {}
    }

    /// The RDMA limits of one device.
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Rdma(@Nullable Long hcaHandles, @Nullable Long hcaObjects) {}
}
