package dev.gantry.engine.system;

import dev.gantry.engine.view.SystemView.Limits;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Which cgroup controllers the host has, in which version; cgroups(7).
///
/// @param v1 mount points by controller; empty on a host with version 2 alone
/// @param v2 where version 2 is mounted
record CgroupControllers(Map<String, Path> v1, @Nullable Path v2) {
    private static final int MOUNT_POINT = 4;

    CgroupControllers {
        v1 = Map.copyOf(v1);
    }

    /// Reads the lines of `/proc/self/mountinfo`.
    static CgroupControllers parse(List<String> mountinfo) {
        Map<String, Path> v1 = new HashMap<>();
        Path v2 = null;
        for (String line : mountinfo) {
            String[] halves = line.split(" - ", 2);
            String[] mount = halves[0].split(" ", -1);
            String[] file = halves.length < 2 ? new String[0] : halves[1].split(" ", -1);
            if (mount.length <= MOUNT_POINT || file.length < 3) {
                continue;
            }
            Path point = Path.of(mount[MOUNT_POINT]);
            if (file[0].equals("cgroup2") && v2 == null) {
                v2 = point;
            } else if (file[0].equals("cgroup")) {
                for (String option : file[2].split(",", -1)) {
                    v1.putIfAbsent(option, point);
                }
            }
        }
        return new CgroupControllers(v1, v2);
    }

    /// `1` also for hybrid hosts, whose controllers are version 1.
    String version() {
        return v1.isEmpty() && v2 != null ? "2" : "1";
    }

    /// What containers can be limited in.
    Limits limits(boolean ipv4Forwarding) {
        return version().equals("2") ? unified(ipv4Forwarding) : legacy(ipv4Forwarding);
    }

    private Limits legacy(boolean ipv4Forwarding) {
        return new Limits(
                v1.containsKey("memory"),
                has("memory", "memory.memsw.limit_in_bytes"),
                has("cpu", "cpu.cfs_period_us"),
                has("cpu", "cpu.cfs_quota_us"),
                has("cpu", "cpu.shares"),
                v1.containsKey("cpuset"),
                v1.containsKey("pids"),
                has("memory", "memory.oom_control"),
                ipv4Forwarding);
    }

    private boolean has(String controller, String file) {
        Path point = v1.get(controller);
        return point != null && Files.exists(point.resolve(file));
    }

    private Limits unified(boolean ipv4Forwarding) {
        List<String> controllers = v2 == null
                ? List.of()
                : List.of(ProcFiles.text(v2.resolve("cgroup.controllers"))
                        .orElse("")
                        .split(" ", -1));
        boolean cpu = controllers.contains("cpu");
        return new Limits(
                controllers.contains("memory"),
                controllers.contains("memory") && hasSwapLimit(),
                cpu,
                cpu,
                cpu,
                controllers.contains("cpuset"),
                controllers.contains("pids"),
                false,
                ipv4Forwarding);
    }

    /// The root of all cgroups itself has no limits, so its children are looked at.
    private boolean hasSwapLimit() {
        if (v2 == null) {
            return false;
        } else if (Files.exists(v2.resolve("memory.swap.max"))) {
            return true; // the root of a namespace
        }
        try (DirectoryStream<Path> children = Files.newDirectoryStream(v2, Files::isDirectory)) {
            for (Path child : children) {
                if (Files.exists(child.resolve("memory.swap.max"))) {
                    return true;
                }
            }
            return false;
        } catch (IOException _) {
            // a host that does not let us look has no limit that we could set
            return false;
        }
    }

    /// Docker's warnings for what is missing.
    static List<String> warnings(Limits limits, String version) {
        List<String> warnings = new ArrayList<>();
        warnUnless(limits.memoryLimit(), "memory limit", warnings);
        warnUnless(limits.swapLimit(), "swap limit", warnings);
        warnUnless(limits.oomKillDisable() || version.equals("2"), "oom kill disable", warnings);
        warnUnless(limits.cpuCfsQuota(), "cpu cfs quota", warnings);
        warnUnless(limits.cpuCfsPeriod(), "cpu cfs period", warnings);
        warnUnless(limits.cpuShares(), "cpu shares", warnings);
        warnUnless(limits.cpuSet(), "cpuset", warnings);
        warnUnless(limits.pidsLimit(), "pids limit", warnings);
        return warnings;
    }

    private static void warnUnless(boolean supported, String what, List<String> warnings) {
        if (!supported) {
            warnings.add("WARNING: No " + what + " support");
        }
    }
}
