package dev.gantry.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.gantry.oci.runtime.Mount;
import dev.gantry.oci.runtime.Namespace;
import dev.gantry.oci.runtime.Spec;
import dev.gantry.runtime.TestHost.Ended;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Containers on a host with cgroup v2 alone.
@Timeout(60)
class UnifiedCgroupIT {
    private static final Path ROOT = Path.of("/sys/fs/cgroup");

    private TestHost host;

    @BeforeEach
    void makeHost() throws Exception {
        assumeTrue(TestCgroups.unified(), "host: it has cgroup v1; scripts/vm has v2");
        host = new TestHost();
    }

    @AfterEach
    void removeHost() throws Exception {
        if (host != null) {
            assertThat(host.leftBehind()).isEmpty();
            assertThat(host.cgroups()).isEmpty();
            host.close();
        }
    }

    private Ended inside(String script, String item, Object value) throws Exception {
        return host.run(TestHost.with(TestHost.spec("sh", "-c", script), item, value));
    }

    @Test
    void limitMemorySwapAndProcesses() throws Exception {
        Ended ended = inside(
                "cd /sys/fs/cgroup; cat memory.max memory.swap.max memory.low pids.max",
                "linux.resources",
                Map.of(
                        "memory",
                        Map.of("limit", 64 << 20, "swap", 96 << 20, "reservation", 32 << 20),
                        "pids",
                        Map.of("limit", 20)));

        assertThat(ended.error()).isEmpty();
        assertThat(ended.output().lines()).containsExactly("67108864", "33554432", "33554432", "20");
    }

    @Test
    void limitProcessorTime() throws Exception {
        Ended ended = inside(
                "cd /sys/fs/cgroup; cat cpu.max cpu.weight cpu.max.burst cpuset.cpus cpuset.mems; nproc",
                "linux.resources.cpu",
                Map.of("quota", 50000, "period", 100000, "shares", 512, "burst", 1000, "cpus", "0", "mems", "0"));

        assertThat(ended.output().lines()).containsExactly("50000 100000", "59", "1000", "0", "0", "1");
    }

    @Test
    void makeABackgroundGroup() throws Exception {
        Ended ended = inside("cat /sys/fs/cgroup/cpu.idle", "linux.resources.cpu", Map.of("idle", 1, "shares", 512));

        assertThat(ended.output()).isEqualTo("1\n");
    }

    @Test
    void limitHugePagesAndAnyFile() throws Exception {
        Ended ended = inside(
                "cd /sys/fs/cgroup; cat hugetlb.2MB.max hugetlb.2MB.rsvd.max memory.high cgroup.max.depth",
                "linux.resources",
                Map.of(
                        "hugepageLimits",
                        List.of(Map.of("pageSize", "2MB", "limit", 4 << 20)),
                        "unified",
                        Map.of("memory.high", "50000000", "cgroup.max.depth", "3")));

        assertThat(ended.output().lines()).containsExactly("4194304", "4194304", "49999872", "3");
    }

    @Test
    void weighAndThrottleBlockDevices() throws Exception {
        String device = Files.readString(Path.of("/sys/block/loop0/dev")).strip();
        String[] numbers = device.split(":", -1);
        Map<String, Object> throttle =
                Map.of("major", Long.valueOf(numbers[0]), "minor", Long.valueOf(numbers[1]), "rate", 1048576);
        Ended ended = inside(
                "cd /sys/fs/cgroup; cat io.max; grep -s default io.bfq.weight || cat io.weight",
                "linux.resources.blockIO",
                Map.of(
                        "weight",
                        500,
                        "throttleReadBpsDevice",
                        List.of(throttle),
                        "throttleWriteIOPSDevice",
                        List.of(throttle)));

        assertThat(ended.output().lines().toList())
                .contains(device + " rbps=1048576 wbps=max riops=max wiops=1048576")
                .containsAnyOf("default 500", "default 4950");
    }

    @Test
    void nameWhatTheKernelDoesNotHave() throws Exception {
        assertThatThrownBy(() -> inside("true", "linux.resources.unified", Map.of("memory.none", "1")))
                .hasMessage("linux.resources.unified:memory.none: this kernel has no memory.none");
        assertThatThrownBy(() -> inside("true", "linux.resources.unified", Map.of("fancy.max", "1")))
                .hasMessageContaining("the fancy cgroup controller is not available on this host");
        assertThatThrownBy(() -> inside("true", "linux.resources.network", Map.of("classID", 7)))
                .hasMessageContaining("cgroup v2 has no network classes");
    }

    @Test
    void denyDevicesThatNoRuleAllows() throws Exception {
        Spec spec = TestHost.spec(
                "sh",
                "-c",
                "busybox mknod /tmp/loop c 10 237 && head -c 0 /tmp/loop || echo denied; "
                        + "head -c 2 /dev/zero | wc -c; echo x > /dev/full || true; busybox mknod /tmp/disk b 7 0 && "
                        + "head -c 0 /tmp/disk || echo denied");
        spec = TestHost.with(spec, "linux.resources.devices", List.of(Map.of("allow", false, "access", "rwm")));

        Ended ended = host.run(spec);

        assertThat(ended.output().lines()).containsExactly("denied", "2", "denied");
        assertThat(ended.error()).contains("/tmp/loop: Operation not permitted", "No space left on device");
    }

    @Test
    void allowWhatARuleAllowsAndNoMore() throws Exception {
        Spec spec = TestHost.spec(
                "sh",
                "-c",
                "busybox mknod /tmp/loop c 10 237; head -c 0 /tmp/loop && echo read; echo > /tmp/loop || echo unwritten");
        spec = TestHost.with(
                spec,
                "linux.resources.devices",
                List.of(
                        Map.of("allow", false, "access", "rwm"),
                        Map.of("allow", true, "type", "c", "major", 10, "minor", 237, "access", "r")));

        assertThat(host.run(spec).output().lines()).containsExactly("read", "unwritten");
    }

    @Test
    void tellThePressure() throws Exception {
        RunningContainer container = host.idle();

        assertThat(container.pressure()).containsOnlyKeys("cpu", "io", "memory");
        assertThat(container.pressure().get("cpu").some().totalMicroseconds()).isNotNegative();
        TestHost.remove(container);
    }

    /// All of the container's processes, as one of them alone may be useless.
    @Test
    void killTheWholeGroupWhenItIsOutOfMemory() throws Exception {
        Spec spec = TestHost.with(
                TestHost.spec("sh", "-c", "sleep 1000 & dd if=/dev/zero of=/dev/null bs=64M count=1; echo survived"),
                "linux.resources",
                Map.of("memory", Map.of("limit", 16 << 20), "unified", Map.of("memory.oom.group", "1")));
        RunningContainer container = host.start(spec);
        ExitStatus status = container.awaitExit();

        assertThat(status.code()).isEqualTo(137);
        assertThat(status.outOfMemory()).isTrue();
        TestHost.remove(container);
    }

    @Test
    void beginAtTheContainersOwn() throws Exception {
        Ended ended = host.run(TestHost.spec("sh", "-c", "cat /proc/self/cgroup; ls -d /sys/fs/cgroup/cgroup.type"));

        assertThat(ended.output().lines()).containsExactly("0::/", "/sys/fs/cgroup/cgroup.type");
    }

    /// Read-only, as every other mount of the kernel's; the options of the host's stay as they are.
    @Test
    void areTheHostsInItsNamespace() throws Exception {
        String before = mountOfTheHost();
        Spec spec = TestHost.withNamespace(
                TestHost.spec("sh", "-c", "cat /proc/self/cgroup; ls /sys/fs/cgroup; mkdir /sys/fs/cgroup/x"),
                Namespace.Type.CGROUP,
                "");

        Ended ended = host.run(spec);

        assertThat(ended.output().lines().findFirst().orElseThrow()).startsWith("0::" + host.cgroupParent() + "/c");
        assertThat(ended.output().lines()).contains(host.cgroupParent().substring(1));
        assertThat(ended.error()).contains("Read-only file system");
        assertThat(mountOfTheHost()).isEqualTo(before);
    }

    private static String mountOfTheHost() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/mountinfo")).stream()
                .filter(line -> line.contains(" - cgroup2 "))
                .findFirst()
                .orElseThrow();
    }

    /// A group that gives controllers to its children has no process: an exec lives where the main process
    /// does.
    @Test
    void letAContainerDivideItsGroup() throws Exception {
        List<Mount> mounts = new ArrayList<>();
        for (Mount each : TestHost.spec("true").mounts()) {
            List<String> options = new ArrayList<>(each.options());
            options.replaceAll(option -> option.equals("ro") ? "rw" : option);
            mounts.add(new Mount(each.destination(), each.type(), each.source(), options, List.of(), List.of()));
        }
        String script = "cd /sys/fs/cgroup; mkdir main; echo 1 > main/cgroup.procs; "
                + "echo +memory > cgroup.subtree_control && echo divided; exec sleep 1000";
        RunningContainer container =
                host.start(TestHost.spec("sh", "-c", script).withMounts(mounts));
        TestHost.readUntil(container.stdout(), "divided");

        assertThat(TestHost.exec(container, "cat", "/proc/self/cgroup").output())
                .isEqualTo("0::/main\n");
        assertThat(container.processes()).hasSize(1);
        container.pause();
        container.resume();
        TestHost.remove(container);
    }

    @Test
    void haveTheirControllersBelowAnyParent() throws Exception {
        String parent = host.cgroupParent() + "/a/b";
        Spec spec = TestHost.with(
                TestHost.spec("cat", "/sys/fs/cgroup/cgroup.controllers"), "linux.cgroupsPath", parent + "/named");

        assertThat(host.run(spec).output().strip())
                .isEqualTo(Files.readString(ROOT.resolve("cgroup.controllers")).strip());
        TestCgroups.remove(host.cgroupParent() + "/a");
    }

    @Test
    void liveBelowAGroupWithProcessesButAreNotLimitedThere() throws Exception {
        Path busy = Files.createTempDirectory(ROOT, "gantry-busy-");
        Process process = new ProcessBuilder("sleep", "1000").start();
        try {
            Files.writeString(busy.resolve("cgroup.procs"), Long.toString(process.pid()));
            Spec spec = TestHost.with(TestHost.spec("true"), "linux.cgroupsPath", "/" + busy.getFileName() + "/named");

            assertThat(host.run(spec).code()).isZero();
            assertThatThrownBy(() ->
                            host.run(TestHost.with(spec, "linux.resources", Map.of("pids", Map.of("limit", 9)))))
                    .hasMessage("linux.resources.pids.limit: the pids cgroup controller is not available below the"
                            + " cgroup " + busy + ", which has processes of its own");
            assertThat(busy.resolve("cgroup.type")).hasContent("domain\n");
        } finally {
            process.destroyForcibly().waitFor();
            TestCgroups.remove("/" + busy.getFileName());
        }
    }

    @Test
    void areRefusedInAThreadedTree() throws Exception {
        Path threads = Files.createTempDirectory(ROOT, "gantry-threads-");
        try {
            Files.writeString(Files.createDirectory(threads.resolve("some")).resolve("cgroup.type"), "threaded");
            Spec spec = TestHost.with(
                    TestHost.spec("true"), "linux.cgroupsPath", "/" + threads.getFileName() + "/some/named");

            assertThatThrownBy(() -> host.run(spec))
                    .hasMessageContaining("can have no containers: it is in a threaded tree");
        } finally {
            TestCgroups.remove("/" + threads.getFileName());
        }
    }

    @Test
    void leaveNoProcessWhenTheyAreKilledFrozen() throws Exception {
        RunningContainer container = host.start("sh", "-c", "while true; do sleep 1 & wait; done");
        container.pause();

        TestHost.remove(container);

        assertThat(host.cgroups()).isEmpty();
    }
}
