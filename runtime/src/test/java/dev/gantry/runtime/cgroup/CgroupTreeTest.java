package dev.gantry.runtime.cgroup;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CgroupTreeTest {
    private static final int ROUNDS = 5000;

    @TempDir
    Path directory;

    @Test
    void givesGroupsBeforeThoseThatTheyLieIn() throws IOException {
        Path inner = Files.createDirectories(directory.resolve("a/b"));
        Files.createFile(inner.resolve("cgroup.procs"));

        assertThat(CgroupTree.all(directory)).containsExactly(inner, directory.resolve("a"), directory);
        assertThat(CgroupTree.all(directory.resolve("none"))).isEmpty();
    }

    @Test
    void takesGroupsThatGoMeanwhile() throws Exception {
        Files.createFile(directory.resolve("cgroup.procs"));
        try (var _ = new ComingAndGoing(directory.resolve("child"))) {
            for (int i = 0; i < ROUNDS; i++) {
                assertThat(CgroupTree.all(directory)).contains(directory);
                assertThat(CgroupTree.processes(directory)).isEmpty();
            }
        }
    }
}
