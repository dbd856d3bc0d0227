package dev.gantry.engine.spec;

import dev.gantry.engine.EngineException.Invalid;
import dev.gantry.engine.config.HostConfig;
import dev.gantry.engine.config.Resources;
import dev.gantry.oci.runtime.Resources.BlockIo;
import dev.gantry.oci.runtime.Resources.Cpu;
import dev.gantry.oci.runtime.Resources.Memory;
import java.math.BigDecimal;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Memory, CPU, tasks and block devices: Docker's rules, and the limits of the runtime specification.
final class ResourceLimits {
    /// What a container needs to start at all.
    private static final long MINIMUM_MEMORY = 6L << 20;

    private static final long PERIOD = 100_000;

    private final HostFacts facts;

    ResourceLimits(HostFacts facts) {
        this.facts = facts;
    }

    void check(HostConfig host, List<String> warnings) {
        Resources asked = host.resources();
        checkMemory(asked);
        checkCpu(asked);
        if (asked.blkioWeight() != 0 && (asked.blkioWeight() < 10 || asked.blkioWeight() > 1000)) {
            throw new Invalid("Range of blkio weight is from 10 to 1000");
        }
        if (asked.kernelMemory() != 0 || asked.kernelMemoryTcp() != 0) {
            warnings.add("Kernel memory limits have no effect: the kernel does not have them any more.");
        }
        if (host.storage().shmSize() < 0) {
            throw new Invalid("SHM size can not be less than 0");
        }
        ResourceDevices.check(asked);
        if (facts.cgroupV2()) {
            warnOfVersion2(asked, warnings);
        }
    }

    /// Docker's warnings for what cgroup v2 does not have.
    private static void warnOfVersion2(Resources asked, List<String> warnings) {
        if (asked.memorySwappiness() != null && asked.memorySwappiness() >= 0) {
            warnings.add("Your kernel does not support memory swappiness capabilities or the cgroup is not mounted."
                    + " Memory swappiness discarded.");
        }
        if (Boolean.TRUE.equals(asked.oomKillDisable())) {
            warnings.add("Your kernel does not support OomKillDisable. OomKillDisable discarded.");
        }
    }

    /// Docker's warning for weights that the disks do not take.
    static void warnOfWeights(Resources asked, List<String> warnings) {
        int known = ResourceDevices.weights(asked.blkioWeightDevice()).size();
        if (known < asked.blkioWeightDevice().size()) {
            warnings.add("Your kernel does not support Block I/O weight_device or the cgroup is not mounted."
                    + " Weight-device discarded.");
        }
    }

    private static void checkMemory(Resources asked) {
        if (asked.memory() != 0 && asked.memory() < MINIMUM_MEMORY) {
            throw new Invalid("Minimum memory limit allowed is 6MB");
        } else if (asked.memory() > 0 && asked.memorySwap() > 0 && asked.memorySwap() < asked.memory()) {
            throw new Invalid("Minimum memoryswap limit should be larger than memory limit, see usage");
        } else if (asked.memory() == 0 && asked.memorySwap() > 0) {
            throw new Invalid("You should always set the Memory limit when using Memoryswap limit, see usage");
        } else if (asked.memorySwap() < -1) {
            throw new Invalid("invalid memory swap limit: " + asked.memorySwap());
        }
        Long swappiness = asked.memorySwappiness();
        if (swappiness != null && (swappiness < -1 || swappiness > 100)) {
            throw new Invalid("Invalid value: " + swappiness + ", valid memory swappiness range is 0-100");
        }
        long reservation = asked.memoryReservation();
        if (reservation > 0 && reservation < MINIMUM_MEMORY) {
            throw new Invalid("Minimum memory reservation allowed is 6MB");
        } else if (asked.memory() > 0 && reservation > asked.memory()) {
            throw new Invalid("Minimum memory limit can not be less than memory reservation limit, see usage");
        }
    }

    private void checkCpu(Resources asked) {
        if (asked.nanoCpus() > 0 && (asked.cpuPeriod() > 0 || asked.cpuQuota() > 0)) {
            throw new Invalid("Conflicting options: Nano CPUs and CPU " + (asked.cpuPeriod() > 0 ? "Period" : "Quota")
                    + " cannot both be set");
        } else if (asked.nanoCpus() < 0 || asked.nanoCpus() > facts.cpus() * 1_000_000_000L) {
            throw new Invalid("range of CPUs is from 0.01 to %d.00, as there are only %d CPUs available"
                    .formatted(facts.cpus(), facts.cpus()));
        } else if (asked.cpuPeriod() != 0 && (asked.cpuPeriod() < 1000 || asked.cpuPeriod() > 1_000_000)) {
            throw new Invalid("CPU cfs period can not be less than 1ms (i.e. 1000) or larger than 1s (i.e. 1000000)");
        } else if (asked.cpuQuota() > 0 && asked.cpuQuota() < 1000) {
            throw new Invalid("CPU cfs quota can not be less than 1ms (i.e. 1000)");
        } else if (asked.cpuShares() < 0) {
            throw new Invalid("invalid CPU shares (%d): value must be a positive integer".formatted(asked.cpuShares()));
        }
        checkList(asked.cpusetCpus(), facts.onlineCpus(), "cpus", "CPUs");
        checkList(asked.cpusetMems(), facts.memoryNodes(), "mems", "memory nodes");
    }

    private static void checkList(String asked, String available, String what, String plural) {
        if (asked.isEmpty()) {
            return;
        }
        BitSet wanted;
        try {
            wanted = parse(asked);
        } catch (NumberFormatException e) {
            throw new Invalid("Invalid value " + asked + " for cpuset " + what + ": invalid format: " + asked, e);
        }
        BitSet there = parse(available);
        wanted.andNot(there);
        if (!wanted.isEmpty()) {
            throw new Invalid(
                    "Requested %s are not available - requested %s, available: %s".formatted(plural, asked, available));
        }
    }

    private static BitSet parse(String list) {
        var set = new BitSet();
        for (String part : list.split(",", -1)) {
            String[] range = part.trim().split("-", 2);
            int first = Integer.parseInt(range[0]);
            int last = range.length == 2 ? Integer.parseInt(range[1]) : first;
            if (first < 0 || last < first || last > 8192) {
                throw new NumberFormatException(part);
            }
            set.set(first, last + 1);
        }
        return set;
    }

    static @Nullable Memory memory(Resources asked) {
        boolean open = asked.memory() == 0
                && asked.memoryReservation() == 0
                && asked.memorySwap() == 0
                && asked.memorySwappiness() == null
                && !Boolean.TRUE.equals(asked.oomKillDisable());
        if (open) {
            return null;
        }
        Long swappiness = asked.memorySwappiness();
        return new Memory(
                nullIfZero(asked.memory()),
                nullIfZero(asked.memoryReservation()),
                nullIfZero(asked.memorySwap()),
                null,
                null,
                swappiness == null || swappiness < 0 ? null : swappiness,
                Boolean.TRUE.equals(asked.oomKillDisable()) ? true : null,
                null,
                null);
    }

    static @Nullable Cpu cpu(Resources asked) {
        Long period = nullIfZero(asked.cpuPeriod());
        Long quota = nullIfZero(asked.cpuQuota());
        if (asked.nanoCpus() > 0) {
            period = PERIOD;
            quota = BigDecimal.valueOf(asked.nanoCpus())
                    .multiply(BigDecimal.valueOf(PERIOD))
                    .divideToIntegralValue(BigDecimal.valueOf(1_000_000_000))
                    .longValueExact();
        }
        var cpu = new Cpu(
                nullIfZero(asked.cpuShares()),
                quota,
                null,
                period,
                nullIfZero(asked.cpuRealtimeRuntime()),
                nullIfZero(asked.cpuRealtimePeriod()),
                asked.cpusetCpus().isEmpty() ? null : asked.cpusetCpus(),
                asked.cpusetMems().isEmpty() ? null : asked.cpusetMems(),
                null);
        return cpu.equals(new Cpu(null, null, null, null, null, null, null, null, null)) ? null : cpu;
    }

    static @Nullable BlockIo blockIo(Resources asked) {
        var io = new BlockIo(
                asked.blkioWeight() == 0 ? null : asked.blkioWeight(),
                null,
                ResourceDevices.weights(asked.blkioWeightDevice()),
                ResourceDevices.throttles(asked.blkioDeviceReadBps()),
                ResourceDevices.throttles(asked.blkioDeviceWriteBps()),
                ResourceDevices.throttles(asked.blkioDeviceReadIops()),
                ResourceDevices.throttles(asked.blkioDeviceWriteIops()));
        return io.equals(new BlockIo(null, null, List.of(), List.of(), List.of(), List.of(), List.of())) ? null : io;
    }

    private static @Nullable Long nullIfZero(long value) {
        return value == 0 ? null : value;
    }
}
