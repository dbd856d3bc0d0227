package dev.gantry.runtime.cgroup;

import dev.gantry.oci.runtime.Resources;
import dev.gantry.runtime.cgroup.Setting.Choice;
import dev.gantry.runtime.cgroup.Setting.Lacking;
import dev.gantry.runtime.refusal.UnsupportedItem;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The limits of a specification as values of the control files of cgroup v1. Only what is set is there.
///
/// Ignored, as the specification has it: kernel memory, which the kernel does not limit any more, and
/// hierarchical accounting, which it cannot switch off.
final class V1Limits {
    private static final long LEAST_SHARES = 2;
    private static final long MOST_SHARES = 262_144;

    private final SettingList list = new SettingList();

    private V1Limits() {}

    /// What has to be written, in order.
    static List<Setting> of(@Nullable Resources resources) throws IOException {
        V1Limits limits = new V1Limits();
        limits.devices(DeviceRules.of(resources == null ? List.of() : resources.devices()));
        if (resources != null) {
            limits.add(resources);
        }
        return limits.list.toList();
    }

    /// What has to be written to a container that runs; its devices stay.
    static List<Setting> ofUpdate(Resources resources) throws IOException {
        V1Limits limits = new V1Limits();
        limits.add(resources);
        return limits.list.toList();
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
        list.hugepages(resources.hugepageLimits(), "limit_in_bytes");
        network(resources.network());
        list.rdma(resources.rdma());
        if (!resources.unified().isEmpty()) {
            throw SettingList.refused(UnsupportedItem.UNIFIED_ON_V1);
        }
    }

    private void devices(DeviceRules rules) {
        if (!rules.allowed()) {
            list.set("devices.deny", "devices", "a", Lacking.REFUSED);
        }
        for (DeviceRules.Rule rule : rules.rules()) {
            list.set(rule.allow() ? "devices.allow" : "devices.deny", "devices", rule.line(), Lacking.REFUSED);
        }
    }

    private void memory(Resources.Memory memory) {
        list.set("memory.limit_in_bytes", "memory.limit", SettingList.nonZero(memory.limit()), Lacking.DISCARDED);
        list.set(
                "memory.soft_limit_in_bytes",
                "memory.reservation",
                SettingList.nonZero(memory.reservation()),
                Lacking.DISCARDED);
        // memory and swap together may not be less than memory alone, so it comes second
        list.set("memory.memsw.limit_in_bytes", "memory.swap", SettingList.nonZero(memory.swap()), Lacking.DISCARDED);
        list.set(
                "memory.kmem.tcp.limit_in_bytes",
                "memory.kernelTCP",
                SettingList.nonZero(memory.kernelTcp()),
                Lacking.DISCARDED);
        list.set("memory.swappiness", "memory.swappiness", memory.swappiness(), Lacking.DISCARDED);
        if (Boolean.TRUE.equals(memory.disableOomKiller())) {
            list.set("memory.oom_control", "memory.disableOOMKiller", "1", Lacking.DISCARDED);
        }
    }

    private void cpu(Resources.Cpu cpu) throws IOException {
        list.set("cpu.shares", "cpu.shares", shares(SettingList.nonZero(cpu.shares())), Lacking.DISCARDED);
        list.set("cpu.cfs_period_us", "cpu.period", SettingList.nonZero(cpu.period()), Lacking.DISCARDED);
        list.set("cpu.cfs_quota_us", "cpu.quota", SettingList.nonZero(cpu.quota()), Lacking.DISCARDED);
        list.set("cpu.cfs_burst_us", "cpu.burst", SettingList.nonZero(cpu.burst()), Lacking.REFUSED);
        list.set("cpu.rt_period_us", "cpu.realtimePeriod", SettingList.nonZero(cpu.realtimePeriod()), Lacking.REFUSED);
        list.set(
                "cpu.rt_runtime_us",
                "cpu.realtimeRuntime",
                SettingList.nonZero(cpu.realtimeRuntime()),
                Lacking.REFUSED);
        list.set("cpu.idle", "cpu.idle", cpu.idle(), Lacking.REFUSED);
        list.cpuset(cpu);
    }

    /// The kernel would take the nearest that it has, and say nothing. These are runc's words.
    private static @Nullable Long shares(@Nullable Long asked) throws IOException {
        if (asked != null && asked < LEAST_SHARES) {
            throw SettingList.refused("cpu.shares", "the minimum allowed cpu-shares is " + LEAST_SHARES);
        } else if (asked != null && asked > MOST_SHARES) {
            throw SettingList.refused("cpu.shares", "the maximum allowed cpu-shares is " + MOST_SHARES);
        }
        return asked;
    }

    private void blockIo(Resources.BlockIo io) {
        if (io.weight() != null && io.weight() != 0) {
            weight(
                    "blkio.weight",
                    "blkio.bfq.weight",
                    "blockIO.weight",
                    io.weight().toString());
        }
        if (io.leafWeight() != null && io.leafWeight() != 0) {
            list.set("blkio.leaf_weight", "blockIO.leafWeight", io.leafWeight().toString(), Lacking.REFUSED);
        }
        for (Resources.BlockIo.Weight each : io.weightDevice()) {
            String device = each.major() + ":" + each.minor() + " ";
            if (each.weight() != null) {
                String line = device + each.weight();
                weight("blkio.weight_device", "blkio.bfq.weight_device", "blockIO.weightDevice", line);
            }
            if (each.leafWeight() != null) {
                String line = device + each.leafWeight();
                list.set("blkio.leaf_weight_device", "blockIO.weightDevice", line, Lacking.REFUSED);
            }
        }
        throttle("blkio.throttle.read_bps_device", "blockIO.throttleReadBpsDevice", io.throttleReadBpsDevice());
        throttle("blkio.throttle.write_bps_device", "blockIO.throttleWriteBpsDevice", io.throttleWriteBpsDevice());
        throttle("blkio.throttle.read_iops_device", "blockIO.throttleReadIOPSDevice", io.throttleReadIopsDevice());
        throttle("blkio.throttle.write_iops_device", "blockIO.throttleWriteIOPSDevice", io.throttleWriteIopsDevice());
    }

    private void weight(String file, String bfq, String item, String value) {
        list.setFirst(List.of(new Choice(file, value), new Choice(bfq, value)), item, Lacking.DISCARDED);
    }

    private void throttle(String file, String item, List<Resources.BlockIo.Throttle> limits) {
        for (Resources.BlockIo.Throttle each : limits) {
            String line = each.major() + ":" + each.minor() + " " + Long.toUnsignedString(each.rate());
            list.set(file, item, line, Lacking.DISCARDED);
        }
    }

    private void network(Resources.@Nullable Network network) {
        if (network == null) {
            return;
        }
        list.set("net_cls.classid", "network.classID", network.classId(), Lacking.REFUSED);
        for (Resources.Network.Priority each : network.priorities()) {
            String line = each.name() + " " + each.priority();
            list.set("net_prio.ifpriomap", "network.priorities", line, Lacking.REFUSED);
        }
    }
}
