package dev.gantry.engine.spec;

import dev.gantry.engine.EngineException.Invalid;
import dev.gantry.engine.config.HostConfig;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/// Kernel parameters that belong to a namespace of the container; all others are the host's (sysctl(2), runc's list).
final class SystemControls {
    private static final Set<String> OF_IPC = Set.of(
            "kernel.msgmax",
            "kernel.msgmnb",
            "kernel.msgmni",
            "kernel.sem",
            "kernel.shmall",
            "kernel.shmmax",
            "kernel.shmmni",
            "kernel.shm_rmid_forced");

    private SystemControls() {}

    static void check(HostConfig host) {
        for (String name : host.sysctls().keySet()) {
            boolean ipc = OF_IPC.contains(name) || name.startsWith("fs.mqueue.");
            boolean network = name.startsWith("net.");
            if (!name.matches("[A-Za-z0-9_.*/-]+") || name.contains("..")) {
                throw new Invalid("invalid sysctl: '" + name + "'");
            } else if (ipc && host.namespaces().ipcMode().equals("host")) {
                throw new Invalid("sysctl \"" + name + "\" is not allowed in the hosts ipc namespace");
            } else if (network && host.network().networkMode().equals("host")) {
                throw new Invalid("sysctl \"" + name + "\" not allowed in host network namespace");
            } else if (!ipc && !network && !name.equals("kernel.domainname")) {
                throw new Invalid("sysctl \"" + name + "\" is not in a separate kernel namespace");
            }
        }
    }

    /// What is asked for, and what Docker sets in each network namespace of a container.
    ///
    /// @param remapped whether the groups of the container are not the host's: then there are not as many
    static Map<String, String> of(HostConfig host, boolean remapped) {
        var sysctls = new LinkedHashMap<String, String>();
        String mode = host.network().networkMode();
        if (!mode.equals("host") && !mode.startsWith("container:")) {
            sysctls.put("net.ipv4.ip_unprivileged_port_start", "0");
            if (!remapped) {
                sysctls.put("net.ipv4.ping_group_range", "0 2147483647");
            }
        }
        sysctls.putAll(host.sysctls());
        return sysctls;
    }
}
