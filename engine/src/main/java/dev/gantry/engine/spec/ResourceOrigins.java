package dev.gantry.engine.spec;

import dev.gantry.engine.config.HostConfig;
import dev.gantry.engine.config.Resources;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Which flag each limit comes from.
final class ResourceOrigins {
    private static final int NANO = 9;

    private final Map<String, String> reasons = new LinkedHashMap<>();

    private ResourceOrigins() {}

    static Map<String, String> of(HostConfig host) {
        ResourceOrigins origins = new ResourceOrigins();
        Resources asked = host.resources();
        origins.memory(asked);
        origins.cpu(asked);
        origins.blockIo(asked);
        origins.devices(asked, host.security().privileged());
        Long pids = asked.pidsLimit();
        origins.put("pids.limit", pids != null && pids > 0, "--pids-limit " + pids);
        return origins.reasons;
    }

    private void put(String item, boolean asked, String reason) {
        if (asked) {
            reasons.put("linux.resources." + item, reason);
        }
    }

    private void memory(Resources asked) {
        String memory = "--memory " + Sizes.text(asked.memory());
        put("memory.limit", asked.memory() != 0, memory);
        // without a wish of its own, memory and swap together are twice the memory
        put("memory.swap", asked.memory() != 0, memory);
        put("memory.swap", asked.memorySwap() != 0, "--memory-swap " + Sizes.text(asked.memorySwap()));
        put(
                "memory.reservation",
                asked.memoryReservation() != 0,
                "--memory-reservation " + Sizes.text(asked.memoryReservation()));
        Long swappiness = asked.memorySwappiness();
        put("memory.swappiness", swappiness != null && swappiness >= 0, "--memory-swappiness " + swappiness);
        put("memory.disableOOMKiller", Boolean.TRUE.equals(asked.oomKillDisable()), "--oom-kill-disable");
    }

    private void cpu(Resources asked) {
        put("cpu.shares", asked.cpuShares() != 0, "--cpu-shares " + asked.cpuShares());
        put("cpu.period", asked.cpuPeriod() != 0, "--cpu-period " + asked.cpuPeriod());
        put("cpu.quota", asked.cpuQuota() != 0, "--cpu-quota " + asked.cpuQuota());
        String cpus = "--cpus "
                + BigDecimal.valueOf(asked.nanoCpus(), NANO)
                        .stripTrailingZeros()
                        .toPlainString();
        put("cpu.period", asked.nanoCpus() != 0, cpus);
        put("cpu.quota", asked.nanoCpus() != 0, cpus);
        put("cpu.realtimePeriod", asked.cpuRealtimePeriod() != 0, "--cpu-rt-period " + asked.cpuRealtimePeriod());
        put("cpu.realtimeRuntime", asked.cpuRealtimeRuntime() != 0, "--cpu-rt-runtime " + asked.cpuRealtimeRuntime());
        put("cpu.cpus", !asked.cpusetCpus().isEmpty(), "--cpuset-cpus " + asked.cpusetCpus());
        put("cpu.mems", !asked.cpusetMems().isEmpty(), "--cpuset-mems " + asked.cpusetMems());
    }

    private void blockIo(Resources asked) {
        put("blockIO.weight", asked.blkioWeight() != 0, "--blkio-weight " + asked.blkioWeight());
        put("blockIO.weightDevice", !asked.blkioWeightDevice().isEmpty(), "--blkio-weight-device");
        put("blockIO.throttleReadBpsDevice", !asked.blkioDeviceReadBps().isEmpty(), "--device-read-bps");
        put("blockIO.throttleWriteBpsDevice", !asked.blkioDeviceWriteBps().isEmpty(), "--device-write-bps");
        put("blockIO.throttleReadIOPSDevice", !asked.blkioDeviceReadIops().isEmpty(), "--device-read-iops");
        put("blockIO.throttleWriteIOPSDevice", !asked.blkioDeviceWriteIops().isEmpty(), "--device-write-iops");
    }

    private void devices(Resources asked, boolean privileged) {
        List<String> flags = new ArrayList<>();
        if (privileged) {
            flags.add("--privileged");
        }
        asked.devices().forEach(each -> flags.add("--device " + MountOrigins.flag(each)));
        asked.deviceCgroupRules().forEach(each -> flags.add("--device-cgroup-rule '" + each + "'"));
        // one list of rules: what stands in it by default is told with what was added
        put("devices", !flags.isEmpty(), "default, " + String.join(" ", flags));
    }
}
