package dev.gantry.runtime;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/// The cgroup directories of this host, whatever version it has.
final class TestCgroups {
    private static final Path ROOT = Path.of("/sys/fs/cgroup");

    private TestCgroups() {}

    /// Whether there is version 2 alone.
    static boolean unified() {
        return Files.exists(ROOT.resolve("cgroup.controllers"));
    }

    /// The directories of a cgroup in every hierarchy, where they are.
    static List<Path> named(String path) throws IOException {
        try (Stream<Path> hierarchies = Files.list(ROOT)) {
            return (unified() ? Stream.of(ROOT) : hierarchies)
                    .map(each -> each.resolve(path.substring(1)))
                    .filter(Files::isDirectory)
                    .toList();
        }
    }

    /// The directories of containers below a parent.
    static List<Path> ofContainers(String parent) throws IOException {
        List<Path> found = new ArrayList<>();
        for (Path each : named(parent)) {
            try (Stream<Path> all = Files.walk(each, 2)) {
                all.filter(Files::isDirectory)
                        .filter(group -> !group.equals(each) && !group.endsWith("supervisors"))
                        .forEach(found::add);
            }
        }
        return found;
    }

    /// The control file of a container's, in the hierarchy of its controller.
    static Path file(String parent, String id, String name) {
        Path hierarchy = unified() ? ROOT : ROOT.resolve(name.substring(0, name.indexOf('.')));
        return hierarchy.resolve(parent.substring(1)).resolve(id).resolve(name);
    }

    /// Removes a parent, which must have no containers any more.
    static void remove(String parent) throws IOException {
        for (Path each : named(parent)) {
            try (Stream<Path> all = Files.walk(each)) {
                List<Path> deepestFirst = all.filter(Files::isDirectory)
                        .sorted(Comparator.comparingInt(Path::getNameCount).reversed())
                        .toList();
                for (Path group : deepestFirst) {
                    Files.deleteIfExists(group);
                }
            }
        }
    }
}
