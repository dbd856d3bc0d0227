package dev.gantry.runtime.cgroup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.gantry.runtime.cgroup.CgroupHost.Hierarchy;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class V1CgroupIT {
    private final String name = "gantry-test-" + UUID.randomUUID();
    private CgroupHost host;
    private Path cpusets;

    @BeforeEach
    void findCpusets() throws IOException {
        host = CgroupHost.detect();
        Hierarchy hierarchy = host.find("cpuset");
        assumeTrue(hierarchy != null, "host: it has no cpuset hierarchy of cgroup v1");
        cpusets = hierarchy.mountPoint();
    }

    @AfterEach
    void removeGroups() throws IOException {
        for (Hierarchy each : host.hierarchies()) {
            CgroupTree.remove(each.mountPoint().resolve(name));
        }
        if (host.unified() != null) {
            CgroupTree.remove(host.unified().resolve(name));
        }
    }

    /// Its group in the cpuset hierarchy has to take a task: it does not (ENOSPC) without CPUs and memory nodes.
    private void takesATask(Cgroup cgroup) throws Exception {
        cgroup.create(null, _ -> {});

        List<String> command = new ArrayList<>(List.of("sh", "-c", "for file; do echo 0 > $file || exit; done", "sh"));
        cgroup.joinFiles().forEach(each -> command.add(each.toString()));
        Process joining = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(joining.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(joining.waitFor()).as(said).isZero();
        Path cpuset = cpusets.resolve(CgroupTree.relative(cgroup.path()));
        for (String file : List.of("cpuset.cpus", "cpuset.mems")) {
            assertThat(ControlFile.read(cpuset.resolve(file))).isEqualTo(ControlFile.read(cpusets.resolve(file)));
        }
        cgroup.remove();
    }

    @Test
    void takesTasksBelowTheRoot() throws Exception {
        takesATask(V1Cgroup.of(host, "/", name));
    }

    @Test
    void takesTasksBelowAGroupThatSomebodyElseHasMade() throws Exception {
        Files.createDirectory(cpusets.resolve(name)); // as the kernel makes it: without CPUs

        takesATask(V1Cgroup.of(host, "/" + name, "container"));
    }

    /// A container may make and remove groups below its own.
    @Test
    void countsProcessesWhileGroupsComeAndGo() throws Exception {
        Path group = Files.createDirectory(cpusets.resolve(name));
        try (var _ = new ComingAndGoing(group.resolve("child"))) {
            for (int i = 0; i < 2000; i++) {
                assertThat(CgroupTree.processes(group)).isEmpty();
            }
        }
    }

    @Test
    void takesTasksInAGroupThatACrashHasLeft() throws Exception {
        Files.createDirectory(cpusets.resolve(name));

        takesATask(V1Cgroup.of(host, "/", name));
    }
}
