package dev.gantry.runtime.launch;

import dev.gantry.runtime.program.Architecture;
import java.util.List;

/// What a program depends on that is not in the spec.
///
/// @param lastCapability the highest capability number that the kernel knows
/// @param hierarchies the cgroup v1 hierarchies in the order in which the container joins them
/// @param unified whether there is a cgroup v2 hierarchy, alone or beside those of v1
public record Host(Architecture architecture, int lastCapability, List<Hierarchy> hierarchies, boolean unified) {
    public Host {
        hierarchies = List.copyOf(hierarchies);
    }

    /// A cgroup v1 hierarchy.
    ///
    /// @param directory its directory below `/sys/fs/cgroup`: `cpu,cpuacct`
    /// @param controllers what it is mounted with: `cpu`, `cpuacct` or `name=systemd`
    public record Hierarchy(String directory, List<String> controllers) {
        public Hierarchy {
            controllers = List.copyOf(controllers);
        }

        /// What its mount is called as a source: `systemd` for the hierarchy of that name, which has no controller.
        public String source() {
            return controllers.contains("name=systemd") ? "systemd" : "cgroup";
        }
    }
}
