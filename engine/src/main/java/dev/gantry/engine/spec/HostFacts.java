package dev.gantry.engine.spec;

import dev.gantry.oci.runtime.Seccomp;
import java.util.LinkedHashSet;
import java.util.List;

/// What of the host decides how a specification comes out.
///
/// @param cpus usable by containers
/// @param onlineCpus as a list (`0-3`)
/// @param memoryNodes as a list
/// @param capabilities what this kernel has, `CAP_…`
/// @param appArmorProfile of containers that do not ask for another; empty without AppArmor
/// @param cgroupV2 whether cgroups are of version 2 alone
/// @param seccomp where filters come from
public record HostFacts(
        int cpus,
        String onlineCpus,
        String memoryNodes,
        List<String> capabilities,
        String appArmorProfile,
        boolean cgroupV2,
        SeccompSource seccomp) {
    public HostFacts {
        capabilities = List.copyOf(capabilities);
    }

    /// The filter of containers that ask for nothing.
    public Seccomp usualFilter() {
        return seccomp.defaults(new LinkedHashSet<>(CapabilityNames.DEFAULTS));
    }
}
