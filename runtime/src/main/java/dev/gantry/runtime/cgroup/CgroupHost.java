package dev.gantry.runtime.cgroup;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The cgroup hierarchies of the host: version 1, or hybrid with an additional one of version 2 without controllers.
///
/// @param hierarchies those of version 1, in the order of `/proc/self/cgroup`
/// @param unified the mount point of version 2
public record CgroupHost(
        List<Hierarchy> hierarchies, @Nullable Path unified) {
    private static final String V1_SEPARATOR = ",";

    public CgroupHost {
        hierarchies = List.copyOf(hierarchies);
    }

    /// A hierarchy of version 1.
    ///
    /// @param controllers `cpu`, `cpuacct`; one that has none has its name: `name=systemd`
    public record Hierarchy(Path mountPoint, List<String> controllers) {
        public Hierarchy {
            controllers = List.copyOf(controllers);
        }

        /// The directory below `/sys/fs/cgroup` that shows it in a container.
        public String directory() {
            return String.valueOf(mountPoint.getFileName());
        }
    }

    /// Reads `/proc/self/mountinfo`.
    ///
    /// @throws IOException also if the host has version 2 alone, which this version does not support
    public static CgroupHost detect() throws IOException {
        return parse(Files.readAllLines(Path.of("/proc/self/mountinfo")));
    }

    static CgroupHost parse(List<String> mountinfo) throws IOException {
        List<Hierarchy> hierarchies = new ArrayList<>();
        Path unified = null;
        for (String line : mountinfo) {
            // 36 35 98:0 /root /mount/point options optional… - type source superblock-options: proc_pid_mountinfo(5)
            String[] halves = line.split(" - ", 2);
            String[] tail = halves.length < 2 ? new String[0] : halves[1].split(" ", -1);
            String[] head = halves[0].split(" ", -1);
            if (tail.length < 3 || head.length < 6 || !head[3].equals("/")) {
                continue;
            }
            Path mountPoint = Path.of(head[4]);
            if (tail[0].equals("cgroup2") && unified == null) {
                unified = mountPoint;
            } else if (tail[0].equals("cgroup")) {
                add(hierarchies, new Hierarchy(mountPoint, controllers(tail[2])));
            }
        }
        if (hierarchies.isEmpty()) {
            throw new IOException("cgroup v1 controllers are not mounted; cgroup v2 alone is not supported yet");
        }
        return new CgroupHost(hierarchies, unified);
    }

    private static void add(List<Hierarchy> hierarchies, Hierarchy candidate) {
        boolean known = hierarchies.stream().anyMatch(each -> each.controllers().equals(candidate.controllers()));
        if (!known) {
            hierarchies.add(candidate);
        }
    }

    private static List<String> controllers(String options) {
        List<String> result = new ArrayList<>();
        for (String option : options.split(V1_SEPARATOR, -1)) {
            boolean ours = !List.of("rw", "ro", "xattr", "none", "clone_children", "noprefix", "release_agent")
                    .contains(option);
            if (ours && (!option.contains("=") || option.startsWith("name="))) {
                result.add(option);
            }
        }
        return result;
    }

    /// The hierarchy of a controller.
    public @Nullable Hierarchy find(String controller) {
        return hierarchies.stream()
                .filter(each -> each.controllers().contains(controller))
                .findFirst()
                .orElse(null);
    }
}
