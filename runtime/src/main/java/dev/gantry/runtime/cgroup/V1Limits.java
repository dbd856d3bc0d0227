package dev.gantry.runtime.cgroup;

import dev.gantry.oci.runtime.DeviceRule;
import dev.gantry.oci.runtime.Resources;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Writes limits to the control files of cgroup v1. Only what is set is written.
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

    private final V1Cgroup cgroup;
    private final Consumer<String> warnings;

    V1Limits(V1Cgroup cgroup, Consumer<String> warnings) {
        this.cgroup = cgroup;
        this.warnings = warnings;
    }

    void apply(@Nullable Resources resources) throws IOException {
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
            set("pids", "pids.max", pids.limit() < 0 ? "max" : Long.toString(pids.limit()));
        }
        if (resources.blockIo() != null) {
            blockIo(resources.blockIo());
        }
        for (Resources.HugepageLimit limit : resources.hugepageLimits()) {
            set("hugetlb", "hugetlb." + limit.pageSize() + ".limit_in_bytes", limit.limit());
        }
        network(resources.network());
    }

    private void devices(List<DeviceRule> rules) throws IOException {
        if (rules.stream().anyMatch(V1Limits::allowsAll)) {
            return;
        }
        set("devices", "devices.deny", "a");
        for (String rule : DEFAULT_DEVICES) {
            set("devices", "devices.allow", rule);
        }
        for (DeviceRule rule : rules) {
            boolean denyAll = !rule.allow() && isAll(rule);
            if (!denyAll) {
                set("devices", rule.allow() ? "devices.allow" : "devices.deny", line(rule));
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

    private void memory(Resources.Memory memory) throws IOException {
        Boolean noKiller = memory.disableOomKiller();
        set("memory", "memory.limit_in_bytes", memory.limit());
        set("memory", "memory.soft_limit_in_bytes", memory.reservation());
        // memory and swap together may not be less than memory alone, so it comes second
        set("memory", "memory.memsw.limit_in_bytes", memory.swap());
        set("memory", "memory.kmem.tcp.limit_in_bytes", memory.kernelTcp());
        set("memory", "memory.swappiness", memory.swappiness());
        if (Boolean.TRUE.equals(noKiller)) {
            set("memory", "memory.oom_control", "1");
        }
    }

    private void cpu(Resources.Cpu cpu) throws IOException {
        set("cpu", "cpu.shares", nonZero(cpu.shares()));
        set("cpu", "cpu.cfs_period_us", nonZero(cpu.period()));
        set("cpu", "cpu.cfs_quota_us", nonZero(cpu.quota()));
        set("cpu", "cpu.cfs_burst_us", nonZero(cpu.burst()));
        set("cpu", "cpu.rt_period_us", nonZero(cpu.realtimePeriod()));
        set("cpu", "cpu.rt_runtime_us", nonZero(cpu.realtimeRuntime()));
        set("cpu", "cpu.idle", cpu.idle());
        if (cpu.cpus() != null && !cpu.cpus().isEmpty()) {
            set("cpuset", "cpuset.cpus", cpu.cpus());
        }
        if (cpu.mems() != null && !cpu.mems().isEmpty()) {
            set("cpuset", "cpuset.mems", cpu.mems());
        }
    }

    private void blockIo(Resources.BlockIo io) throws IOException {
        if (io.weight() != null && io.weight() != 0) {
            setFirst(
                    "blkio",
                    List.of("blkio.weight", "blkio.bfq.weight"),
                    io.weight().toString());
        }
        for (Resources.BlockIo.Weight each : io.weightDevice()) {
            String line = each.major() + ":" + each.minor() + " " + each.weight();
            setFirst("blkio", List.of("blkio.weight_device", "blkio.bfq.weight_device"), line);
        }
        throttle("blkio.throttle.read_bps_device", io.throttleReadBpsDevice());
        throttle("blkio.throttle.write_bps_device", io.throttleWriteBpsDevice());
        throttle("blkio.throttle.read_iops_device", io.throttleReadIopsDevice());
        throttle("blkio.throttle.write_iops_device", io.throttleWriteIopsDevice());
    }

    private void throttle(String file, List<Resources.BlockIo.Throttle> limits) throws IOException {
        for (Resources.BlockIo.Throttle each : limits) {
            set("blkio", file, each.major() + ":" + each.minor() + " " + each.rate());
        }
    }

    private void network(Resources.@Nullable Network network) throws IOException {
        if (network == null) {
            return;
        }
        set("net_cls", "net_cls.classid", network.classId());
        for (Resources.Network.Priority each : network.priorities()) {
            set("net_prio", "net_prio.ifpriomap", each.name() + " " + each.priority());
        }
    }

    private static @Nullable Long nonZero(@Nullable Long value) {
        return value == null || value == 0 ? null : value;
    }

    private void set(String controller, String file, @Nullable Long value) throws IOException {
        if (value != null) {
            set(controller, file, value.toString());
        }
    }

    private void set(String controller, String file, String value) throws IOException {
        setFirst(controller, List.of(file), value);
    }

    /// Writes to the first of the files that this kernel has.
    private void setFirst(String controller, List<String> files, String value) throws IOException {
        Path directory = cgroup.directory(controller);
        List<Path> present = new ArrayList<>();
        if (directory != null) {
            files.stream().map(directory::resolve).filter(Files::exists).forEach(present::add);
        }
        if (present.isEmpty()) {
            warnings.accept("Your kernel does not support %s or the cgroup is not mounted. Limitation discarded."
                    .formatted(files.getFirst().replace('_', ' ').toLowerCase(Locale.ROOT)));
        } else {
            ControlFile.write(present.getFirst(), value);
        }
    }
}
