package dev.gantry.engine.container;

import dev.gantry.engine.config.ContainerConfig;
import dev.gantry.engine.config.HostConfig;
import dev.gantry.engine.log.LogSettings;
import dev.gantry.engine.log.LogSubject;
import dev.gantry.engine.spec.MountPlan;
import dev.gantry.engine.spec.MountRequests;
import dev.gantry.oci.Digest;
import java.time.Instant;
import java.util.List;

/// What a container was created as: the content of its `config.json`. Only its name and its limits ever change.
///
/// @param name without a slash
/// @param image digest of the image's configuration
/// @param platform the operating system
/// @param config with the image's values
/// @param host with the defaults
public record Definition(
        String id,
        String name,
        Instant created,
        Digest image,
        String platform,
        ContainerConfig config,
        HostConfig host) {
    public Definition {
        // a file that is JSON need not be a definition
        if (id == null || name == null || created == null || image == null || config == null || host == null) {
            throw new IllegalArgumentException("want id, name, created, image, config and host");
        }
    }

    Definition withName(String other) {
        return new Definition(id, other, created, image, platform, config, host);
    }

    Definition withHost(HostConfig other) {
        return new Definition(id, name, created, image, platform, config, other);
    }

    /// What its log configuration means, with its present name.
    LogSettings logSettings() {
        return LogSettings.of(host.logConfig(), config, new LogSubject(id, name, image.toString(), config.image()));
    }

    /// What is mounted beside the default mounts.
    public List<MountPlan> mounts() {
        return MountRequests.of(config, host);
    }

    /// Whether it has volumes, named or not.
    boolean hasVolumes() {
        return mounts().stream().anyMatch(MountPlan.Volume.class::isInstance);
    }

    /// Whether it has volumes that nobody has named, which end with it.
    boolean hasAnonymousVolumes() {
        return mounts().stream().anyMatch(each -> each instanceof MountPlan.Volume volume && volume.isAnonymous());
    }

    /// As lists show it.
    String shortId() {
        return id.substring(0, 12);
    }
}
