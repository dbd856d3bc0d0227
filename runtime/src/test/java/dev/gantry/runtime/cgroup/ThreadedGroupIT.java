package dev.gantry.runtime.cgroup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Groups for threads, which containers may make (cgroup v2); also on hosts that have version 1 beside it.
class ThreadedGroupIT {
    private static Optional<Path> version2() {
        return Stream.of("/sys/fs/cgroup", "/sys/fs/cgroup/unified")
                .map(Path::of)
                .filter(each -> Files.exists(each.resolve("cgroup.procs")))
                .filter(each -> Files.exists(each.resolve("cgroup.subtree_control")))
                .findFirst();
    }

    @Test
    void theirProcessesAreThoseOfTheGroupAbove() throws IOException, InterruptedException {
        Optional<Path> mount = version2();
        assumeTrue(mount.isPresent(), "host: cgroup v2 is not mounted");
        Path group = Files.createTempDirectory(mount.get(), "gantry-threads-");
        Path threads = Files.createDirectory(group.resolve("threads"));
        Process process = new ProcessBuilder("sleep", "1000").start();
        try {
            Files.writeString(threads.resolve("cgroup.type"), "threaded");
            Files.writeString(group.resolve("cgroup.procs"), Long.toString(process.pid()));
            Files.writeString(threads.resolve("cgroup.threads"), Long.toString(process.pid()));

            assertThat(CgroupTree.processes(group)).isEqualTo(List.of((int) process.pid()));
        } finally {
            process.destroyForcibly().waitFor();
            CgroupTree.remove(group);
        }
    }
}
