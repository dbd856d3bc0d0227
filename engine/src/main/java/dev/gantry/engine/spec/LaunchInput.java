package dev.gantry.engine.spec;

import dev.gantry.engine.EngineOptions.UserRemapping;
import dev.gantry.engine.config.ContainerConfig;
import dev.gantry.engine.config.HostConfig;
import dev.gantry.oci.runtime.Mount;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Everything that a container's specification is made of.
///
/// @param config with the image's values, and `host` with Docker's defaults
/// @param user resolved in the container's own root
/// @param mounts beside the default ones: sources are paths of the host that exist
/// @param files what the container's /etc/hosts, /etc/hostname and /etc/resolv.conf are mounted from, by target
/// @param joined the files of the namespaces to be joined, by `pid`, `ipc`, `network` and `user`
/// @param ulimits the daemon's defaults, `soft[:hard]` by name
/// @param remapping whom its users are on the host; null if they are the same
public record LaunchInput(
        String id,
        ContainerConfig config,
        HostConfig host,
        Identity user,
        List<Mount> mounts,
        Map<String, String> files,
        Map<String, String> joined,
        Map<String, String> ulimits,
        @Nullable UserRemapping remapping) {
    public LaunchInput {
        mounts = List.copyOf(mounts);
        files = Map.copyOf(files);
        joined = Map.copyOf(joined);
        ulimits = Map.copyOf(ulimits);
    }

    /// A container whose users are those of the host.
    public LaunchInput(
            String id,
            ContainerConfig config,
            HostConfig host,
            Identity user,
            List<Mount> mounts,
            Map<String, String> files,
            Map<String, String> joined,
            Map<String, String> ulimits) {
        this(id, config, host, user, mounts, files, joined, ulimits, null);
    }

    /// The file of a namespace to be joined; null for one of the container's own.
    @Nullable
    String joined(String kind) {
        return joined.get(kind);
    }
}
