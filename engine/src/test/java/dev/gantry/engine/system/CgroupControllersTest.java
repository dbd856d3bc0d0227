package dev.gantry.engine.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.engine.view.SystemView.Limits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CgroupControllersTest {
    private static final Limits ALL = new Limits(true, true, true, true, true, true, true, true, true);

    @TempDir
    private Path directory = Path.of("");

    private String v1(String controllers) {
        return "30 20 0:25 / %s/%s rw,relatime shared:9 - cgroup cgroup rw,%s"
                .formatted(directory, controllers, controllers);
    }

    private void file(String path) throws IOException {
        Path file = directory.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, "1\n");
    }

    @Test
    void findsEveryControllerOfVersionOne() throws IOException {
        for (String file : List.of(
                "memory/memory.memsw.limit_in_bytes",
                "memory/memory.oom_control",
                "cpu,cpuacct/cpu.cfs_period_us",
                "cpu,cpuacct/cpu.cfs_quota_us",
                "cpu,cpuacct/cpu.shares")) {
            file(file);
        }
        CgroupControllers cgroups =
                CgroupControllers.parse(List.of(v1("memory"), v1("cpu,cpuacct"), v1("cpuset"), v1("pids")));
        assertThat(cgroups.version()).isEqualTo("1");
        assertThat(cgroups.limits(true)).isEqualTo(ALL);
        assertThat(CgroupControllers.warnings(ALL, "1")).isEmpty();
    }

    @Test
    void warnsOfEverythingThatIsMissing() {
        CgroupControllers cgroups = CgroupControllers.parse(List.of("no mount at all", "", v1("name=systemd")));
        assertThat(CgroupControllers.warnings(cgroups.limits(false), cgroups.version()))
                .contains("WARNING: No memory limit support", "WARNING: No swap limit support")
                .hasSize(8);
    }

    @Test
    void countsAHybridHostAsVersionOne() {
        String unified = "31 20 0:26 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw";
        assertThat(CgroupControllers.parse(List.of(unified, v1("memory"))).version())
                .isEqualTo("1");
        assertThat(CgroupControllers.parse(List.of(unified)).version()).isEqualTo("2");
    }

    @Test
    void findsTheSwapLimitOfANamespacesRootWithoutChildren() throws IOException {
        Files.writeString(directory.resolve("cgroup.controllers"), "memory\n");
        file("memory.swap.max");
        CgroupControllers cgroups =
                CgroupControllers.parse(List.of("31 20 0:26 / " + directory + " rw - cgroup2 cgroup2 rw"));
        assertThat(cgroups.limits(true).swapLimit()).isTrue();
    }

    @Test
    void readsTheControllersOfVersionTwo() throws IOException {
        Files.writeString(directory.resolve("cgroup.controllers"), "cpuset cpu io memory pids\n");
        file("system.slice/memory.swap.max");
        CgroupControllers cgroups = CgroupControllers.parse(
                List.of("31 20 0:26 / " + directory + " rw,nosuid - cgroup2 cgroup2 rw,nsdelegate"));
        Limits limits = cgroups.limits(true);
        assertThat(limits).isEqualTo(new Limits(true, true, true, true, true, true, true, false, true));
        assertThat(CgroupControllers.warnings(limits, "2")).isEmpty();
        Files.writeString(directory.resolve("cgroup.controllers"), "cpu\n");
        assertThat(CgroupControllers.warnings(cgroups.limits(true), "2"))
                .containsExactly(
                        "WARNING: No memory limit support",
                        "WARNING: No swap limit support",
                        "WARNING: No cpuset support",
                        "WARNING: No pids limit support");
    }
}
