package dev.gantry.engine.conformance;

import dev.gantry.oci.runtime.Linux;
import dev.gantry.oci.runtime.Mount;
import dev.gantry.oci.runtime.Spec;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/// Changes to specs, which both runtimes then get.
final class Specs {
    private Specs() {}

    /// With mounts whose options the API has not got.
    static Spec withMountOptions(Spec spec, String source) {
        List<Mount> mounts = new ArrayList<>(spec.mounts());
        mounts.add(new Mount("/etc", "tmpfs", "tmpfs", List.of("nosuid", "size=1m", "tmpcopyup")));
        mounts.add(new Mount("/data/rro", "bind", source, List.of("rbind", "rro")));
        mounts.add(new Mount(
                "/data/attributes",
                "bind",
                source,
                List.of("rbind", "rnosuid", "rnodev", "rnoexec", "rnodiratime", "rnoatime")));
        mounts.add(new Mount("/data/cleared", "bind", source, List.of("rbind", "rsuid", "rrelatime")));
        return spec.withMounts(mounts);
    }

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
