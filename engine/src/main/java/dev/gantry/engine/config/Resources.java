package dev.gantry.engine.config;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.PropertyNamingStrategies.UpperCamelCaseStrategy;
import tools.jackson.databind.annotation.JsonNaming;

/// What a container may use: `Resources` of the Docker API. Zero is "no limit" unless said otherwise.
///
/// @param memory bytes
/// @param memorySwap bytes of memory and swap together; -1 is unlimited swap, 0 is twice the memory
/// @param nanoCpus billionths of a CPU
/// @param cpuPeriod microseconds, as `cpuQuota`
/// @param pidsLimit null, zero or less is unlimited
/// @param memorySwappiness null or -1 leaves the kernel's value
@JsonNaming(UpperCamelCaseStrategy.class)
@JsonInclude(Include.ALWAYS)
public record Resources(
        long cpuShares,
        long memory,
        long nanoCpus,
        String cgroupParent,
        int blkioWeight,
        List<WeightDevice> blkioWeightDevice,
        List<ThrottleDevice> blkioDeviceReadBps,
        List<ThrottleDevice> blkioDeviceWriteBps,
        @JsonProperty("BlkioDeviceReadIOps") List<ThrottleDevice> blkioDeviceReadIops,
        @JsonProperty("BlkioDeviceWriteIOps") List<ThrottleDevice> blkioDeviceWriteIops,
        long cpuPeriod,
        long cpuQuota,
        long cpuRealtimePeriod,
        long cpuRealtimeRuntime,
        String cpusetCpus,
        String cpusetMems,
        List<DeviceMapping> devices,
        List<String> deviceCgroupRules,
        List<DeviceRequest> deviceRequests,
        @JsonInclude(Include.NON_DEFAULT) long kernelMemory,

        @JsonInclude(Include.NON_DEFAULT) @JsonProperty("KernelMemoryTCP")
        long kernelMemoryTcp,

        long memoryReservation,
        long memorySwap,
        @Nullable Long memorySwappiness,
        @Nullable Boolean oomKillDisable,
        @Nullable Long pidsLimit,
        List<Ulimit> ulimits,
        long cpuCount,
        long cpuPercent,
        @JsonProperty("IOMaximumIOps") long ioMaximumIops,
        @JsonProperty("IOMaximumBandwidth") long ioMaximumBandwidth) {
    public Resources {
        cgroupParent = Copies.text(cgroupParent);
        blkioWeightDevice = Copies.list(blkioWeightDevice);
        blkioDeviceReadBps = Copies.list(blkioDeviceReadBps);
        blkioDeviceWriteBps = Copies.list(blkioDeviceWriteBps);
        blkioDeviceReadIops = Copies.list(blkioDeviceReadIops);
        blkioDeviceWriteIops = Copies.list(blkioDeviceWriteIops);
        cpusetCpus = Copies.text(cpusetCpus);
        cpusetMems = Copies.text(cpusetMems);
        devices = Copies.list(devices);
        deviceCgroupRules = Copies.list(deviceCgroupRules);
        deviceRequests = Copies.list(deviceRequests);
        ulimits = Copies.list(ulimits);
    }

    /// The same limits with another one for memory and swap together.
    public Resources withMemorySwap(long other) {
        return new Resources(
                cpuShares,
                memory,
                nanoCpus,
                cgroupParent,
                blkioWeight,
                blkioWeightDevice,
                blkioDeviceReadBps,
                blkioDeviceWriteBps,
                blkioDeviceReadIops,
                blkioDeviceWriteIops,
                cpuPeriod,
                cpuQuota,
                cpuRealtimePeriod,
                cpuRealtimeRuntime,
                cpusetCpus,
                cpusetMems,
                devices,
                deviceCgroupRules,
                deviceRequests,
                kernelMemory,
                kernelMemoryTcp,
                memoryReservation,
                other,
                memorySwappiness,
                oomKillDisable,
                pidsLimit,
                ulimits,
                cpuCount,
                cpuPercent,
                ioMaximumIops,
                ioMaximumBandwidth);
    }

    /// A device's share of the bandwidth: 10 to 1000.
    public record WeightDevice(
            @JsonProperty("Path") String path,
            @JsonProperty("Weight") int weight) {}

    /// A device's limit: bytes or operations per second.
    public record ThrottleDevice(
            @JsonProperty("Path") String path,
            @JsonProperty("Rate") long rate) {}

    /// A host device that the container gets.
    ///
    /// @param cgroupPermissions out of `r`, `w` and `m`; empty is all three
    public record DeviceMapping(
            @JsonProperty("PathOnHost") String pathOnHost,
            @JsonProperty("PathInContainer") String pathInContainer,
            @JsonProperty("CgroupPermissions") String cgroupPermissions) {
        public DeviceMapping {
            pathOnHost = Copies.text(pathOnHost);
            pathInContainer = Copies.text(pathInContainer);
            cgroupPermissions = Copies.text(cgroupPermissions);
        }
    }

    /// A request to a device driver, for example `--gpus all`.
    @JsonNaming(UpperCamelCaseStrategy.class)
    public record DeviceRequest(
            String driver,
            int count,
            @JsonProperty("DeviceIDs") List<String> deviceIds,
            List<List<String>> capabilities,
            Map<String, String> options) {
        public DeviceRequest {
            driver = Copies.text(driver);
            deviceIds = Copies.list(deviceIds);
            capabilities = Copies.list(capabilities);
            options = Copies.map(options);
        }
    }

    /// A resource limit by its lower-case name (`nofile`); -1 is unlimited.
    public record Ulimit(
            @JsonProperty("Name") String name,
            @JsonProperty("Hard") long hard,
            @JsonProperty("Soft") long soft) {
        public Ulimit {
            name = Copies.text(name);
        }
    }
}
