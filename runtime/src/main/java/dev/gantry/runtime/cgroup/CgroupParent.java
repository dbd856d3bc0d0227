package dev.gantry.runtime.cgroup;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/// The cgroup above containers, in each hierarchy.
///
/// @param path such as `/gantry`
public record CgroupParent(CgroupHost host, String path) {
    /// Removes it where it exists and nothing is below it. Another daemon may use it, too: then it stays.
    public void removeIfEmpty() {
        if (CgroupTree.relative(path).isEmpty()) {
            return; // the root
        }
        for (Path directory : directories()) {
            if (tryRemove(directory.resolve(CgroupTree.SUPERVISORS))) {
                tryRemove(directory);
            }
        }
    }

    /// The names of what is directly below it, or below its group of supervisors, in any hierarchy.
    public Set<String> children() throws IOException {
        Set<String> names = new TreeSet<>();
        for (Path directory : directories()) {
            addChildren(directory, names);
            addChildren(directory.resolve(CgroupTree.SUPERVISORS), names);
        }
        names.remove(CgroupTree.SUPERVISORS);
        return names;
    }

    private static void addChildren(Path directory, Set<String> names) throws IOException {
        try (Stream<Path> children = Files.list(directory)) {
            children.filter(Files::isDirectory)
                    .forEach(each -> names.add(each.getFileName().toString()));
        } catch (NoSuchFileException _) {
            // no container was started yet
        }
    }

    /// Removes only what was made there for supervisors, once none is left: the group is somebody else's.
    public void removeSupervisorsIfEmpty() {
        directories().forEach(each -> tryRemove(each.resolve(CgroupTree.SUPERVISORS)));
    }

    private List<Path> directories() {
        List<Path> mountPoints = new ArrayList<>();
        host.hierarchies().forEach(each -> mountPoints.add(each.mountPoint()));
        Path unified = host.unified();
        if (unified != null) {
            mountPoints.add(unified);
        }
        String relative = CgroupTree.relative(path);
        return mountPoints.stream().map(each -> each.resolve(relative)).toList();
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
