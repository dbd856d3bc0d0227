package dev.gantry.runtime.cgroup;

import dev.gantry.oci.runtime.Resources;
import dev.gantry.runtime.cgroup.Setting.Choice;
import dev.gantry.runtime.cgroup.Setting.Lacking;
import dev.gantry.runtime.refusal.UnsupportedItem;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The limits of a specification, which have the units of cgroup v1, as values of the control files of cgroup
/// v2. Only what is set is there.
///
/// @see <a href="https://github.com/opencontainers/cgroups">the conversions</a>, which every runtime shares
final class V2Limits {
    private static final String MAXIMUM = "max";
    /// What `cpu.max` is in a new group.
    static final String NO_QUOTA = "max 100000";

    private final SettingList list = new SettingList();
    private final String quotaAndPeriod;
    private final Consumer<String> warnings;

    private V2Limits(String quotaAndPeriod, Consumer<String> warnings) {
        this.quotaAndPeriod = quotaAndPeriod;
        this.warnings = warnings;
    }

    /// What has to be written to a new group, in order.
    ///
    /// @param warnings told what cgroup v2 cannot limit
    static List<Setting> of(@Nullable Resources resources, Consumer<String> warnings) throws IOException {
        return of(resources, NO_QUOTA, warnings);
    }

    /// What has to be written to a group that has limits, in order.
    ///
    /// @param quotaAndPeriod what its `cpu.max` says: one file has both, of which one may stay as it is
    static List<Setting> of(@Nullable Resources resources, String quotaAndPeriod, Consumer<String> warnings)
            throws IOException {
        V2Limits limits = new V2Limits(quotaAndPeriod, warnings);
        if (resources != null) {
            limits.add(resources);
        }
        return limits.list.toList();
    }

    /// Whether what is to be written depends on what `cpu.max` says.
    static boolean keepsQuotaOrPeriod(Resources resources) {
        Resources.Cpu cpu = resources.cpu();
        return cpu != null && (SettingList.nonZero(cpu.quota()) == null) != (SettingList.nonZero(cpu.period()) == null);
    }

    private void add(Resources resources) throws IOException {
        if (resources.memory() != null) {
            memory(resources.memory());
        }
        if (resources.cpu() != null) {
            cpu(resources.cpu());
        }
        list.pids(resources.pids());
        if (resources.blockIo() != null) {
            blockIo(resources.blockIo());
        }
        list.hugepages(resources.hugepageLimits(), MAXIMUM);
        list.rdma(resources.rdma());
        Resources.Network network = resources.network();
        if (network != null
                && (network.classId() != null || !network.priorities().isEmpty())) {
            throw SettingList.refused(UnsupportedItem.NETWORK_ON_V2);
        }
        // last, as it is the most particular
        unified(resources.unified());
    }

    private void memory(Resources.Memory memory) throws IOException {
        if (memory.swappiness() != null) {
            discarded("memory swappiness");
        }
        if (Boolean.TRUE.equals(memory.disableOomKiller())) {
            discarded("OomKillDisable");
        }
        if (SettingList.nonZero(memory.kernelTcp()) != null) {
            discarded("kernel memory TCP limit");
        }
        swap(memory);
        bytes("memory.max", "memory.limit", memory.limit());
        bytes("memory.low", "memory.reservation", memory.reservation());
    }

    private void discarded(String what) {
        warnings.accept(
                "Your kernel does not support %s: cgroup v2 does not have it. Limitation discarded.".formatted(what));
    }

    private void bytes(String file, String item, @Nullable Long value) {
        Long limit = SettingList.nonZero(value);
        if (limit != null) {
            list.set(file, item, limit < 0 ? MAXIMUM : limit.toString(), Lacking.REFUSED);
        }
    }

    /// The specification counts memory and swap together, the kernel swap alone.
    private void swap(Resources.Memory memory) throws IOException {
        Long both = SettingList.nonZero(memory.swap());
        Long alone = SettingList.nonZero(memory.limit());
        if (both == null) {
            if (alone != null && alone < 0) {
                list.set("memory.swap.max", "memory.limit", MAXIMUM, Lacking.FINE);
            }
        } else if (both < 0) {
            list.set("memory.swap.max", "memory.swap", MAXIMUM, Lacking.FINE);
        } else if (alone == null || alone < 0) {
            throw SettingList.refused("memory.swap", "got a limit for memory and swap, but none for memory");
        } else if (both < alone) {
            throw SettingList.refused(
                    "memory.swap", "got %d, want at least the memory limit %d".formatted(both, alone));
        } else {
            Lacking lacking = both.equals(alone) ? Lacking.FINE : Lacking.DISCARDED;
            list.set("memory.swap.max", "memory.swap", Long.toString(both - alone), lacking);
        }
    }

    private void cpu(Resources.Cpu cpu) throws IOException {
        if (SettingList.nonZero(cpu.realtimePeriod()) != null || SettingList.nonZero(cpu.realtimeRuntime()) != null) {
            throw SettingList.refused(UnsupportedItem.REAL_TIME_ON_V2);
        }
        // an idle group has no weight
        list.set("cpu.idle", "cpu.idle", cpu.idle(), Lacking.REFUSED);
        Long shares = SettingList.nonZero(cpu.shares());
        if (shares != null && (cpu.idle() == null || cpu.idle() == 0)) {
            list.set("cpu.weight", "cpu.shares", weightOfShares(shares), Lacking.REFUSED);
        }
        Long quota = SettingList.nonZero(cpu.quota());
        Long period = SettingList.nonZero(cpu.period());
        if (quota != null || period != null) {
            int space = quotaAndPeriod.indexOf(' ');
            String item = quota == null ? "cpu.period" : "cpu.quota";
            String most = quota == null ? quotaAndPeriod.substring(0, space) : quota < 0 ? MAXIMUM : quota.toString();
            String every = period == null ? quotaAndPeriod.substring(space + 1) : period.toString();
            list.set("cpu.max", item, most + " " + every, Lacking.REFUSED);
        }
        list.set("cpu.max.burst", "cpu.burst", SettingList.nonZero(cpu.burst()), Lacking.REFUSED);
        list.cpuset(cpu);
    }

    /// The curve through both ends of the ranges (2 to 1, 262144 to 10000) and through the defaults (1024 to
    /// 100).
    static long weightOfShares(long shares) {
        if (shares <= 2) {
            return 1;
        }
        if (shares >= 262_144) {
            return 10_000;
        }
        double logarithm = Math.log((double) shares) / Math.log(2);
        double exponent = (logarithm * logarithm + 125 * logarithm) / 612 - 7.0 / 34;
        return (long) Math.ceil(Math.pow(10, exponent));
    }

    private void blockIo(Resources.BlockIo io) throws IOException {
        if (SettingList.nonZero(io.leafWeight() == null ? null : (long) io.leafWeight()) != null) {
            throw SettingList.refused(UnsupportedItem.LEAF_WEIGHT_ON_V2);
        }
        if (io.weight() != null && io.weight() != 0) {
            weight("", io.weight(), "blockIO.weight");
        }
        for (Resources.BlockIo.Weight each : io.weightDevice()) {
            if (each.leafWeight() != null) {
                throw SettingList.refused(UnsupportedItem.LEAF_WEIGHT_ON_V2);
            }
            if (each.weight() != null) {
                weight(each.major() + ":" + each.minor() + " ", each.weight(), "blockIO.weightDevice");
            }
        }
        throttle("rbps", "blockIO.throttleReadBpsDevice", io.throttleReadBpsDevice());
        throttle("wbps", "blockIO.throttleWriteBpsDevice", io.throttleWriteBpsDevice());
        throttle("riops", "blockIO.throttleReadIOPSDevice", io.throttleReadIopsDevice());
        throttle("wiops", "blockIO.throttleWriteIOPSDevice", io.throttleWriteIopsDevice());
    }

    /// The scheduler BFQ has the range of cgroup v1 (10 to 1000), the kernel's own controller has 1 to 10000.
    private void weight(String device, int weight, String item) {
        long converted = 1 + (weight - 10L) * 9999 / 990;
        List<Choice> choices = new ArrayList<>();
        choices.add(new Choice("io.bfq.weight", device + weight));
        choices.add(new Choice("io.weight", device + converted));
        list.setFirst(choices, item, Lacking.DISCARDED);
    }

    private void throttle(String key, String item, List<Resources.BlockIo.Throttle> limits) {
        for (Resources.BlockIo.Throttle each : limits) {
            String rate = each.rate() == 0 ? MAXIMUM : Long.toUnsignedString(each.rate());
            String line = "%d:%d %s=%s".formatted(each.major(), each.minor(), key, rate);
            list.set("io.max", item, line, Lacking.DISCARDED);
        }
    }

    private void unified(Map<String, String> files) throws IOException {
        for (Map.Entry<String, String> each : files.entrySet()) {
            String file = each.getKey();
            if (!file.matches("[a-z_]+(\\.[A-Za-z0-9_]+)+")) {
                throw SettingList.refused("unified", "got file \"" + file + "\", want a name such as memory.high");
            }
            if (file.startsWith("cgroup.") && !file.startsWith("cgroup.max.") && !file.equals("cgroup.pressure")) {
                throw SettingList.refused("unified", file + " belongs to the runtime");
            }
            for (String line : each.getValue().split("\n", -1)) {
                list.set(file, "unified:" + file, line, Lacking.REFUSED);
            }
        }
    }
}
