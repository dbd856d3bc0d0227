package dev.gantry.runtime.check;

import dev.gantry.runtime.cgroup.Cgroup;
import dev.gantry.runtime.cgroup.CgroupHost;
import dev.gantry.runtime.cgroup.CgroupParent;
import dev.gantry.runtime.cgroup.CgroupPlace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// The cgroups of a container that the state root has nothing of.
///
/// @param container its ID
/// @param directories in all hierarchies, that of supervisors included
/// @param processes how many live in them
public record StrayGroups(String container, List<Path> directories, int processes) {
    private static final Pattern ID = Pattern.compile("[0-9a-f]{64}");

    /// Groups that were made, or changed, within it may belong to a start or a clean-up of another daemon.
    private static final Duration YOUNG = Duration.ofSeconds(10);

    public StrayGroups {
        directories = List.copyOf(directories);
    }

    /// Those below a parent, which daemons with other state roots may share. Groups are nobody's if no supervisor is
    /// left that holds a file of another state root: no daemon learns of what lives in them, if anything does.
    public static List<StrayGroups> find(CgroupHost host, String parent, Path stateRoot) throws IOException {
        List<StrayGroups> found = new ArrayList<>();
        for (String name : new CgroupParent(host, parent).children()) {
            if (!ID.matcher(name).matches() || Files.exists(stateRoot.resolve(name))) {
                continue;
            }
            try {
                Cgroup cgroup = Cgroup.of(host, new CgroupPlace(parent, name));
                List<Path> directories = cgroup.ownDirectories().stream()
                        .filter(Files::isDirectory)
                        .toList();
                if (isNobodys(cgroup.supervisors(), directories, stateRoot) && !directories.isEmpty()) {
                    found.add(new StrayGroups(name, directories, processes(directories)));
                }
            } catch (NoSuchFileException _) {
                // it is going away while it is looked at
            }
        }
        return found;
    }

    private static boolean isNobodys(List<Integer> supervisors, List<Path> directories, Path stateRoot)
            throws IOException {
        Instant limit = Instant.now().minus(YOUNG);
        for (Path each : directories) {
            if (Files.getLastModifiedTime(each).toInstant().isAfter(limit)) {
                return false;
            }
        }
        for (int each : supervisors) {
            if (!holdsFileBelow(stateRoot, each)) {
                return false;
            }
        }
        return true;
    }

    /// Whether a supervisor's status file lies there, be it deleted.
    private static boolean holdsFileBelow(Path stateRoot, int supervisor) throws IOException {
        try (Stream<Path> descriptors = Files.list(Path.of("/proc/" + supervisor + "/fd"))) {
            for (Path each : (Iterable<Path>) descriptors::iterator) {
                if (Files.readSymbolicLink(each).startsWith(stateRoot)) {
                    return true;
                }
            }
        } catch (NoSuchFileException _) {
            // it has ended: nobody's
            return true;
        }
        return false;
    }

    private static int processes(List<Path> directories) throws IOException {
        int most = 0;
        for (Path each : directories) {
            most = Math.max(most, Cgroup.processesIn(each).size());
        }
        return most;
    }
}
