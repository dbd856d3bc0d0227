package dev.gantry.runtime.launch;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// Who a process is and what it may do, as the numbers that the kernel takes.
///
/// @param groups the supplementary groups
/// @param umask null is 022
public record Credentials(
        long uid, long gid, List<Long> groups, @Nullable Integer umask, CapabilityMasks capabilities) {
    public Credentials {
        groups = List.copyOf(groups);
    }

    /// The five sets, capability n at bit n.
    public record CapabilityMasks(long bounding, long effective, long inheritable, long permitted, long ambient) {}
}
