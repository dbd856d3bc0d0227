package dev.gantry.engine.conformance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// What the host sees of a container: its limits.
final class OutsideView {
    private static final List<String> FILES = List.of(
            "memory/memory.limit_in_bytes",
            "memory/memory.memsw.limit_in_bytes",
            "memory/memory.soft_limit_in_bytes",
            "memory/memory.swappiness",
            "memory/memory.oom_control",
            "cpu/cpu.shares",
            "cpu/cpu.cfs_quota_us",
            "cpu/cpu.cfs_period_us",
            "cpuset/cpuset.cpus",
            "cpuset/cpuset.mems",
            "pids/pids.max",
            "blkio/blkio.throttle.read_bps_device",
            "blkio/blkio.throttle.write_iops_device",
            "devices/devices.list",
            "freezer/freezer.state");

    private OutsideView() {}

    /// The control files of a cgroup, and how many processes each of its hierarchies has.
    static List<String> of(String cgroup) throws IOException {
        List<String> lines = new ArrayList<>();
        for (String file : FILES) {
            int slash = file.indexOf('/');
            Path path = directory(file.substring(0, slash), cgroup).resolve(file.substring(slash + 1));
            for (String line : Files.exists(path)
                    ? Files.readAllLines(path).stream().sorted().toList()
                    : List.of("absent")) {
                lines.add(file + " " + line);
            }
        }
        for (String hierarchy :
                List.of("cpu", "cpuset", "memory", "pids", "devices", "freezer", "blkio", "systemd", "unified")) {
            Path processes = directory(hierarchy, cgroup).resolve("cgroup.procs");
            lines.add(hierarchy + " processes "
                    + (Files.exists(processes) ? Files.readAllLines(processes).size() : "none"));
        }
        return lines;
    }

    private static Path directory(String hierarchy, String cgroup) {
        return Path.of("/sys/fs/cgroup", hierarchy, cgroup.substring(1));
    }
}
