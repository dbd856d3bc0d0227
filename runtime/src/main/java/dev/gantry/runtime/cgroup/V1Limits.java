package dev.gantry.runtime.cgroup;

import dev.gantry.oci.runtime.DeviceRule;
import dev.gantry.oci.runtime.Resources;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The limits of a specification as values of the control files of cgroup v1. Only what is set is there.
final class V1Limits {
    /// What every container may use whatever its rules say, as in runc: nodes may be made, these devices opened.
    private static final List<String> DEFAULT_DEVICES = List.of(
            "c *:* m",
            "b *:* m",
            "c 1:3 rwm",
            "c 1:8 rwm",
            "c 1:7 rwm",
            "c 5:0 rwm",
            "c 1:5 rwm",
            "c 1:9 rwm",
            "c 136:* rwm",
            "c 5:2 rwm");

    private final List<Setting> settings = new ArrayList<>();

    private V1Limits() {}

    /// One value.
    ///
    /// @param files where it belongs: the first of these that the kernel has
    /// @param item what of the specification asks for it
    record Setting(String controller, List<String> files, String value, String item) {}

    /// What has to be written, in order.
    static List<Setting> of(@Nullable Resources resources) {
        V1Limits limits = new V1Limits();
        limits.add(resources);
        return limits.settings;
    }

    private void add(@Nullable Resources resources) {
        devices(resources == null ? List.of() : resources.devices());
        if (resources == null) {
            return;
        }
        if (resources.memory() != null) {
            memory(resources.memory());
        }
        if (resources.cpu() != null) {
            cpu(resources.cpu());
        }
        Resources.Pids pids = resources.pids();
        if (pids != null && pids.limit() != 0) {
            set("pids", "pids.max", "pids.limit", pids.limit() < 0 ? "max" : Long.toString(pids.limit()));
        }
        if (resources.blockIo() != null) {
            blockIo(resources.blockIo());
        }
        for (Resources.HugepageLimit limit : resources.hugepageLimits()) {
            set("hugetlb", "hugetlb." + limit.pageSize() + ".limit_in_bytes", "hugepageLimits", limit.limit());
        }
        network(resources.network());
    }

    private void devices(List<DeviceRule> rules) {
        if (rules.stream().anyMatch(V1Limits::allowsAll)) {
            return;
        }
        set("devices", "devices.deny", "devices", "a");
        for (String rule : DEFAULT_DEVICES) {
            set("devices", "devices.allow", "devices", rule);
        }
        for (DeviceRule rule : rules) {
            boolean denyAll = !rule.allow() && isAll(rule);
            if (!denyAll) {
                set("devices", rule.allow() ? "devices.allow" : "devices.deny", "devices", line(rule));
            }
        }
    }

    private static boolean allowsAll(DeviceRule rule) {
        return rule.allow() && isAll(rule);
    }

    private static boolean isAll(DeviceRule rule) {
        boolean anyType =
                rule.type() == null || rule.type().isEmpty() || rule.type().equals("a");
        return anyType
                && number(rule.major()).equals("*")
                && number(rule.minor()).equals("*");
    }

    private static String line(DeviceRule rule) {
        String type =
                rule.type() == null || rule.type().isEmpty() ? "a" : rule.type().equals("u") ? "c" : rule.type();
        String access = rule.access() == null || rule.access().isEmpty() ? "rwm" : rule.access();
        return "%s %s:%s %s".formatted(type, number(rule.major()), number(rule.minor()), access);
    }

    private static String number(@Nullable Long value) {
        return value == null || value < 0 ? "*" : value.toString();
    }

    private void memory(Resources.Memory memory) {
        Boolean noKiller = memory.disableOomKiller();
        set("memory", "memory.limit_in_bytes", "memory.limit", memory.limit());
        set("memory", "memory.soft_limit_in_bytes", "memory.reservation", memory.reservation());
        // memory and swap together may not be less than memory alone, so it comes second
        set("memory", "memory.memsw.limit_in_bytes", "memory.swap", memory.swap());
        set("memory", "memory.kmem.tcp.limit_in_bytes", "memory.kernelTCP", memory.kernelTcp());
        set("memory", "memory.swappiness", "memory.swappiness", memory.swappiness());
        if (Boolean.TRUE.equals(noKiller)) {
            set("memory", "memory.oom_control", "memory.disableOOMKiller", "1");
        }
    }

    private void cpu(Resources.Cpu cpu) {
        set("cpu", "cpu.shares", "cpu.shares", nonZero(cpu.shares()));
        set("cpu", "cpu.cfs_period_us", "cpu.period", nonZero(cpu.period()));
        set("cpu", "cpu.cfs_quota_us", "cpu.quota", nonZero(cpu.quota()));
        set("cpu", "cpu.cfs_burst_us", "cpu.burst", nonZero(cpu.burst()));
        set("cpu", "cpu.rt_period_us", "cpu.realtimePeriod", nonZero(cpu.realtimePeriod()));
        set("cpu", "cpu.rt_runtime_us", "cpu.realtimeRuntime", nonZero(cpu.realtimeRuntime()));
        set("cpu", "cpu.idle", "cpu.idle", cpu.idle());
        if (cpu.cpus() != null && !cpu.cpus().isEmpty()) {
            set("cpuset", "cpuset.cpus", "cpu.cpus", cpu.cpus());
        }
        if (cpu.mems() != null && !cpu.mems().isEmpty()) {
            set("cpuset", "cpuset.mems", "cpu.mems", cpu.mems());
        }
    }

    private void blockIo(Resources.BlockIo io) {
        if (io.weight() != null && io.weight() != 0) {
            setFirst(
                    "blkio",
                    List.of("blkio.weight", "blkio.bfq.weight"),
                    "blockIO.weight",
                    io.weight().toString());
        }
        for (Resources.BlockIo.Weight each : io.weightDevice()) {
            String line = each.major() + ":" + each.minor() + " " + each.weight();
            setFirst("blkio", List.of("blkio.weight_device", "blkio.bfq.weight_device"), "blockIO.weightDevice", line);
        }
        throttle("blkio.throttle.read_bps_device", "blockIO.throttleReadBpsDevice", io.throttleReadBpsDevice());
        throttle("blkio.throttle.write_bps_device", "blockIO.throttleWriteBpsDevice", io.throttleWriteBpsDevice());
        throttle("blkio.throttle.read_iops_device", "blockIO.throttleReadIOPSDevice", io.throttleReadIopsDevice());
        throttle("blkio.throttle.write_iops_device", "blockIO.throttleWriteIOPSDevice", io.throttleWriteIopsDevice());
    }

    private void throttle(String file, String item, List<Resources.BlockIo.Throttle> limits) {
        for (Resources.BlockIo.Throttle each : limits) {
            set("blkio", file, item, each.major() + ":" + each.minor() + " " + each.rate());
        }
    }

    private void network(Resources.@Nullable Network network) {
        if (network == null) {
            return;
        }
        set("net_cls", "net_cls.classid", "network.classID", network.classId());
        for (Resources.Network.Priority each : network.priorities()) {
            set("net_prio", "net_prio.ifpriomap", "network.priorities", each.name() + " " + each.priority());
        }
    }

    private static @Nullable Long nonZero(@Nullable Long value) {
        return value == null || value == 0 ? null : value;
    }

    private void set(String controller, String file, String item, @Nullable Long value) {
        if (value != null) {
            set(controller, file, item, value.toString());
        }
    }

    private void set(String controller, String file, String item, String value) {
        setFirst(controller, List.of(file), item, value);
    }

    private void setFirst(String controller, List<String> files, String item, String value) {
        settings.add(new Setting(controller, files, value, "linux.resources." + item));
    }
}
