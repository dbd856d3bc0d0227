package dev.gantry.runtime.cgroup;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// Groups of the cpuset controller in version 1: one that has no CPUs or no memory nodes takes no task (ENOSPC), and
/// that is how the kernel makes them.
final class Cpusets {
    private Cpusets() {}

    /// Gives a group what is above it, where it has nothing of its own; nor need the groups above, which others may
    /// have made.
    static void inherit(Path directory) throws IOException {
        for (String name : List.of("cpuset.cpus", "cpuset.mems")) {
            String _ = inherited(directory, name);
        }
    }

    /// Has the groups below take what this one has when they are made, which spares writing it.
    static void handDown(Path directory) throws IOException {
        ControlFile.write(directory.resolve("cgroup.clone_children"), "1");
    }

    private static String inherited(Path directory, String name) throws IOException {
        Path file = directory.resolve(name);
        if (!Files.exists(file)) {
            return "";
        }
        String own = ControlFile.read(file);
        if (!own.isEmpty()) {
            return own;
        }
        String above = inherited(directory.resolve("..").normalize(), name);
        if (!above.isEmpty()) {
            ControlFile.write(file, above);
        }
        return above;
    }
}
