package dev.gantry.engine.conformance;

import dev.gantry.oci.runtime.Linux;
import dev.gantry.oci.runtime.Seccomp;
import dev.gantry.oci.runtime.Spec;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Changes to specs, which both runtimes then get.
final class Specs {
    /// Whether containers have their system-call filter: from when the runtime can load one.
    private static final boolean FILTERED = false;

    private Specs() {}

    /// The same container in a given cgroup.
    static Spec inCgroup(Spec spec, String path) {
        Linux linux = Objects.requireNonNull(spec.linux());
        @Nullable Seccomp filter = FILTERED ? linux.seccomp() : null;
        return spec.withLinux(new Linux(
                linux.uidMappings(),
                linux.gidMappings(),
                linux.sysctl(),
                linux.resources(),
                path,
                linux.namespaces(),
                linux.devices(),
                linux.netDevices(),
                filter,
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
