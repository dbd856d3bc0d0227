package dev.gantry.engine.spec;

import dev.gantry.engine.config.ContainerConfig;
import dev.gantry.engine.config.HostConfig;
import dev.gantry.engine.config.Mount;
import dev.gantry.engine.config.Resources.DeviceMapping;
import dev.gantry.oci.image.Execution;
import dev.gantry.oci.runtime.Device;
import dev.gantry.oci.runtime.Linux;
import dev.gantry.oci.runtime.Spec;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Which flag, or what of the image, each mount and each device comes from.
final class MountOrigins {
    private static final String SHARED_MEMORY = "/dev/shm";

    private final Map<String, String> reasons = new LinkedHashMap<>();

    private MountOrigins() {}

    static Map<String, String> of(ContainerConfig config, HostConfig host, Execution image, Spec spec) {
        MountOrigins origins = new MountOrigins();
        image.volumes().forEach(each -> origins.mount(each, "image VOLUME " + each));
        config.volumes().keySet().forEach(each -> origins.mount(each, "--volume " + each));
        origins.defaults(host);
        host.storage()
                .tmpfs()
                .forEach((target, options) ->
                        origins.mount(target, "--tmpfs " + target + (options.isEmpty() ? "" : ":" + options)));
        host.storage().binds().forEach(origins::bind);
        host.storage().mounts().forEach(origins::mount);
        Linux linux = spec.linux();
        origins.devices(host, linux == null ? List.of() : linux.devices());
        return origins.reasons;
    }

    private void mount(String target, String reason) {
        reasons.put("mounts:" + MountRequests.clean(target), reason);
    }

    private void mount(Mount mount) {
        String source = mount.source().isEmpty() ? "" : ",source=" + mount.source();
        String access = mount.readOnly() ? ",readonly" : "";
        mount(mount.target(), "--mount type=" + mount.type() + source + ",target=" + mount.target() + access);
    }

    private void bind(String bind) {
        String[] parts = bind.split(":", 3);
        mount(parts.length == 1 ? parts[0] : parts[1], "--volume " + bind);
    }

    /// The mounts that every container has, where a flag changes them.
    private void defaults(HostConfig host) {
        if (host.security().privileged()) {
            mount("/sys", "--privileged");
            mount("/sys/fs/cgroup", "--privileged");
        }
        String ipc = host.namespaces().ipcMode();
        if (ipc.equals("host")) {
            mount(SHARED_MEMORY, "--ipc host");
        } else if (host.storage().shmSize() != 0) {
            mount(SHARED_MEMORY, "--shm-size " + Sizes.text(host.storage().shmSize()));
        }
    }

    private void devices(HostConfig host, List<Device> devices) {
        for (Device device : devices) {
            String item = "linux.devices:" + device.path();
            if (host.security().privileged()) {
                reasons.put(item, "--privileged");
            }
            for (DeviceMapping mapping : host.resources().devices()) {
                String target = target(mapping);
                if (device.path().equals(target) || device.path().startsWith(target + "/")) {
                    reasons.put(item, "--device " + flag(mapping));
                }
            }
        }
    }

    private static String target(DeviceMapping mapping) {
        return mapping.pathInContainer().isEmpty() ? mapping.pathOnHost() : mapping.pathInContainer();
    }

    /// As a person would write it: only what is not the rule.
    static String flag(DeviceMapping mapping) {
        String access = mapping.cgroupPermissions();
        boolean usual = access.isEmpty() || access.equals("rwm");
        boolean renamed = !target(mapping).equals(mapping.pathOnHost());
        return mapping.pathOnHost() + (renamed || !usual ? ":" + target(mapping) : "") + (usual ? "" : ":" + access);
    }
}
