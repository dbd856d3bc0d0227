package dev.gantry.runtime.cgroup;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The cgroup above the containers of a daemon, in each hierarchy.
///
/// @param path such as `/gantry`
public record CgroupParent(CgroupHost host, String path) {
    /// Removes it where it exists and nothing is below it. Another daemon may use it, too: then it stays.
    public void removeIfEmpty() {
        for (Path directory : directories()) {
            if (tryRemove(directory.resolve(CgroupTree.SUPERVISORS))) {
                tryRemove(directory);
            }
        }
    }

    private List<Path> directories() {
        List<Path> mountPoints = new ArrayList<>();
        host.hierarchies().forEach(each -> mountPoints.add(each.mountPoint()));
        Path unified = host.unified();
        if (unified != null) {
            mountPoints.add(unified);
        }
        String relative = CgroupTree.relative(path);
        return relative.isEmpty()
                ? List.of()
                : mountPoints.stream().map(each -> each.resolve(relative)).toList();
    }

    /// Whether it is not there any more.
    private static boolean tryRemove(Path directory) {
        try {
            Files.deleteIfExists(directory);
            return true;
        } catch (IOException _) {
            // EBUSY: something is below it
            return false;
        }
    }
}
