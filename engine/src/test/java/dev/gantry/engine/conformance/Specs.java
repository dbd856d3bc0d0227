package dev.gantry.engine.conformance;

import dev.gantry.oci.runtime.Linux;
import dev.gantry.oci.runtime.Spec;
import java.util.Objects;

/// Changes to specs, which both runtimes then get.
final class Specs {
    private Specs() {}

    /// The same container in a given cgroup.
    static Spec inCgroup(Spec spec, String path) {
        Linux linux = Objects.requireNonNull(spec.linux());
        return spec.withLinux(new Linux(
                linux.uidMappings(),
                linux.gidMappings(),
                linux.sysctl(),
                linux.resources(),
                path,
                linux.namespaces(),
                linux.devices(),
                linux.netDevices(),
                linux.seccomp(),
                linux.rootfsPropagation(),
                linux.maskedPaths(),
                linux.readonlyPaths(),
                linux.mountLabel(),
                linux.intelRdt(),
                linux.memoryPolicy(),
                linux.personality(),
                linux.timeOffsets()));
    }
}
