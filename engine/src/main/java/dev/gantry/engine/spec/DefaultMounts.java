package dev.gantry.engine.spec;

import dev.gantry.engine.config.HostConfig;
import dev.gantry.oci.runtime.Mount;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// The mounts that every container has, and how those asked for take their places.
final class DefaultMounts {
    /// Stay writable under a read-only root.
    private static final Set<String> ALWAYS_WRITABLE = Set.of("/proc", "/dev", "/dev/pts", "/dev/shm", "/dev/mqueue");

    private final HostConfig host;

    DefaultMounts(HostConfig host) {
        this.host = host;
    }

    /// The default mounts that are not replaced, then the others, parents before children.
    List<Mount> with(List<Mount> asked, Map<String, String> files) {
        Set<String> targets = asked.stream().map(Mount::destination).collect(Collectors.toSet());
        var mounts = new ArrayList<Mount>();
        for (Mount mount : defaults()) {
            boolean replaced = targets.contains(mount.destination())
                    || (targets.contains("/dev") && mount.destination().startsWith("/dev/"));
            if (!replaced) {
                mounts.add(host.storage().readonlyRootfs() ? readOnly(mount) : mount);
            }
        }
        var others = new LinkedHashMap<String, Mount>();
        files.forEach((target, source) -> others.put(target, file(target, source)));
        asked.forEach(mount -> others.put(mount.destination(), mount));
        others.values().stream()
                .sorted(Comparator.comparingLong(DefaultMounts::depth).thenComparing(Mount::destination))
                .forEach(mounts::add);
        return mounts;
    }

    private Mount file(String target, String source) {
        String access = host.storage().readonlyRootfs() ? "ro" : "rw";
        return new Mount(target, "bind", source, List.of("rbind", access, "rprivate"));
    }

    private static long depth(Mount mount) {
        return mount.destination().chars().filter(c -> c == '/').count();
    }

    private static Mount readOnly(Mount mount) {
        if (ALWAYS_WRITABLE.contains(mount.destination()) || mount.options().contains("ro")) {
            return mount;
        }
        var options = new ArrayList<>(mount.options());
        options.add("ro");
        return new Mount(mount.destination(), String.valueOf(mount.type()), String.valueOf(mount.source()), options);
    }

    private List<Mount> defaults() {
        String access = host.security().privileged() ? "rw" : "ro";
        var mounts = new ArrayList<Mount>();
        mounts.add(new Mount("/proc", "proc", "proc", List.of("nosuid", "noexec", "nodev")));
        mounts.add(new Mount("/dev", "tmpfs", "tmpfs", List.of("nosuid", "strictatime", "mode=755", "size=65536k")));
        mounts.add(new Mount(
                "/dev/pts",
                "devpts",
                "devpts",
                List.of("nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620", "gid=5")));
        mounts.add(new Mount("/sys", "sysfs", "sysfs", List.of("nosuid", "noexec", "nodev", access)));
        mounts.add(new Mount("/sys/fs/cgroup", "cgroup", "cgroup", List.of(access, "nosuid", "noexec", "nodev")));
        mounts.add(new Mount("/dev/mqueue", "mqueue", "mqueue", List.of("nosuid", "noexec", "nodev")));
        if (host.namespaces().ipcMode().equals("host")) {
            mounts.add(new Mount("/dev/shm", "bind", "/dev/shm", List.of("rbind", "rprivate")));
        } else if (!host.namespaces().ipcMode().equals("none")) {
            String size = "size=" + host.storage().shmSize();
            mounts.add(new Mount("/dev/shm", "tmpfs", "shm", List.of("nosuid", "noexec", "nodev", "mode=1777", size)));
        }
        return mounts;
    }
}
