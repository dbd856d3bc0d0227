package dev.gantry.runtime.cgroup;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// The cgroup hierarchies of the host: version 1, hybrid with an additional one of version 2 without
/// controllers, or version 2 alone.
///
/// @param hierarchies those of version 1, in the order of `/proc/self/mountinfo`; empty with version 2 alone
/// @param unifiedMount the mount point of version 2
/// @param unified the directory there that everything lies below: the mount point, or with version 2 alone what
/// systemd has delegated
public record CgroupHost(
        List<Hierarchy> hierarchies,
        @Nullable Path unifiedMount,
        @Nullable Path unified) {
    private static final Path OWN = Path.of("/proc/self/cgroup");
    private static final String V1_SEPARATOR = ",";
    /// What begins the line of version 2 in `/proc/PID/cgroup`.
    static final String UNIFIED_PREFIX = "0::";
    private static final String NAMED = "name=";
    /// `user.delegate`
    private static final String DELEGATED = "delegate";

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

    /// Reads `/proc/self/mountinfo` and `/proc/self/cgroup`.
    ///
    /// @throws IOException also if no controller is mounted
    public static CgroupHost detect() throws IOException {
        CgroupHost host = parse(Files.readAllLines(Path.of("/proc/self/mountinfo")));
        Path mount = host.unifiedMount();
        if (host.hierarchies().isEmpty() && mount != null) {
            return new CgroupHost(List.of(), mount, base(mount, Files.readAllLines(OWN), CgroupHost::isDelegated));
        }
        return host;
    }

    /// The group above the daemon's own, if systemd has delegated it: `Delegate=yes` with `DelegateSubgroup=`. It
    /// has no process, which the kernel demands of a group that gives controllers to its children. Else the root.
    static Path base(Path mount, List<String> ownCgroups, Predicate<Path> isDelegated) {
        for (String line : ownCgroups) {
            if (line.startsWith(UNIFIED_PREFIX)) {
                Path own = mount.resolve(CgroupTree.relative(line.substring(UNIFIED_PREFIX.length())))
                        .normalize();
                Path above = own.getParent();
                if (above != null && above.startsWith(mount) && !above.equals(mount) && isDelegated.test(above)) {
                    return above;
                }
            }
        }
        return mount;
    }

    /// Whether systemd says that it is not its own to manage; systemd.resource-control(5).
    private static boolean isDelegated(Path group) {
        UserDefinedFileAttributeView attributes = Files.getFileAttributeView(group, UserDefinedFileAttributeView.class);
        try {
            ByteBuffer value = ByteBuffer.allocate(attributes.size(DELEGATED));
            attributes.read(DELEGATED, value);
            return new String(value.array(), StandardCharsets.US_ASCII).equals("1");
        } catch (IOException _) {
            return false; // there is none
        }
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
        // a hierarchy with a name and no controller, beside version 2 with all of them, limits nothing
        if (hierarchies.stream()
                .allMatch(each -> each.controllers().stream().allMatch(controller -> controller.startsWith(NAMED)))) {
            hierarchies.clear();
        }
        if (hierarchies.isEmpty() && unified == null) {
            throw new IOException("no cgroup hierarchy is mounted: mount cgroup2 on /sys/fs/cgroup");
        }
        return new CgroupHost(hierarchies, unified, unified);
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
            if (ours && (!option.contains("=") || option.startsWith(NAMED))) {
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
