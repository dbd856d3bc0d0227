package dev.gantry.oci.runtime;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The Linux part of a container's configuration.
///
/// @param rootfsPropagation `private`, `shared`, `slave` or `unbindable`, also with a leading `r`; null is the same as
/// `rprivate`
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record Linux(
        List<IdMapping> uidMappings,
        List<IdMapping> gidMappings,
        Map<String, String> sysctl,
        @Nullable Resources resources,
        @Nullable String cgroupsPath,
        List<Namespace> namespaces,
        List<Device> devices,
        Map<String, NetDevice> netDevices,
        @Nullable Seccomp seccomp,
        @Nullable String rootfsPropagation,
        List<String> maskedPaths,
        List<String> readonlyPaths,
        @Nullable String mountLabel,
        @Nullable IntelRdt intelRdt,
        @Nullable MemoryPolicy memoryPolicy,
        @Nullable Personality personality,
        Map<String, TimeOffset> timeOffsets) {
    public Linux {
        uidMappings = Lists.of(uidMappings);
        gidMappings = Lists.of(gidMappings);
        sysctl = Lists.of(sysctl);
        namespaces = Lists.of(namespaces);
        devices = Lists.of(devices);
        netDevices = Lists.of(netDevices);
        maskedPaths = Lists.of(maskedPaths);
        readonlyPaths = Lists.of(readonlyPaths);
        timeOffsets = Lists.of(timeOffsets);
    }

    /// The same in other cgroups.
    public Linux withCgroupsPath(String path) {
        return new Linux(
                uidMappings,
                gidMappings,
                sysctl,
                resources,
                path,
                namespaces,
                devices,
                netDevices,
                seccomp,
                rootfsPropagation,
                maskedPaths,
                readonlyPaths,
                mountLabel,
                intelRdt,
                memoryPolicy,
                personality,
                timeOffsets);
    }

    /// A network device of the host that moves into the container.
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record NetDevice(@Nullable String name) {}

    /// What the clock of a time namespace is ahead of the host's, see time_namespaces(7).
    public record TimeOffset(long secs, long nanosecs) {}

    /// The execution domain, see personality(2): `LINUX` or `LINUX32`.
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    public record Personality(@Nullable String domain, List<String> flags) {
        public Personality {
            flags = Lists.of(flags);
        }
    }

    /// The NUMA memory policy, see set_mempolicy(2).
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    public record MemoryPolicy(
            @Nullable String mode, @Nullable String nodes, List<String> flags) {
        public MemoryPolicy {
            flags = Lists.of(flags);
        }
    }
}
