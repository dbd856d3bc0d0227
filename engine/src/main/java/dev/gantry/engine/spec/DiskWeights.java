package dev.gantry.engine.spec;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// Which disks are shared by weight: the kernel refuses weights of all others (EOPNOTSUPP).
///
/// @param disks `/sys/dev/block`
/// @param costs `io.cost.qos` of cgroup v2's root
record DiskWeights(Path disks, Path costs) {
    static final DiskWeights HOST = new DiskWeights(Path.of("/sys/dev/block"), Path.of("/sys/fs/cgroup/io.cost.qos"));

    /// Whether BFQ schedules the disk, or the controller of I/O costs has been enabled for it.
    boolean areKnownTo(DeviceNode disk) {
        String number = disk.major() + ":" + disk.minor();
        return lines(disks.resolve(number).resolve("queue/scheduler")).stream().anyMatch(each -> each.contains("[bfq]"))
                || lines(costs).stream().anyMatch(each -> each.startsWith(number + " enable=1"));
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException _) {
            return List.of(); // no disk, or a kernel or a cgroup version without this
        }
    }
}
