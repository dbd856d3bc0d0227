package dev.gantry.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What an earlier daemon's containers have left behind.
@Timeout(60)
class LeftoversIT {
    private TestHost host;

    @BeforeEach
    void makeHost() throws Exception {
        host = new TestHost();
    }

    @AfterEach
    void removeHost() throws Exception {
        host.close();
    }

    private void assertNothingIsLeftOf(RunningContainer container, List<Integer> processes) throws Exception {
        assertThat(host.leftBehind()).isEmpty();
        assertThat(host.cgroups()).isEmpty();
        TestHost.await("the processes to end", () -> processes.stream().noneMatch(LeftoversIT::runs));
        assertThat(container.awaitExit().code()).isEqualTo(137);
    }

    private static boolean runs(int pid) {
        return Files.exists(Path.of("/proc/" + pid + "/exe"));
    }

    @Test
    void areDiscardedWithProcessesSupervisorsCgroupsAndState() throws Exception {
        try (RunningContainer container = host.start("sh", "-c", "sleep 1000 & sleep 1000 & wait");
                ContainerProcess executed =
                        container.exec(new ExecLaunch(TestHost.process(container, "sleep", "1000"), false, false))) {
            List<Integer> processes = new java.util.ArrayList<>(container.processes());
            processes.addAll(host.shims(container.id()));
            assertThat(processes).hasSizeGreaterThanOrEqualTo(4);
            ContainerRuntime later = host.anotherRuntime();
            assertThat(later.leftovers()).containsExactly(container.id());

            later.discard(container.id());

            assertNothingIsLeftOf(container, processes);
            assertThat(executed.awaitExit().code()).isEqualTo(137);
            assertThat(later.leftovers()).isEmpty();
            later.discard(container.id());
        }
    }

    @Test
    void areDiscardedWhenTheyAreFrozen() throws Exception {
        try (RunningContainer container = host.idle()) {
            List<Integer> processes = container.processes();
            container.pause();

            host.anotherRuntime().discard(container.id());

            assertNothingIsLeftOf(container, processes);
        }
    }

    @Test
    void areFoundBelowAnotherCgroupParent() throws Exception {
        String parent = host.cgroupParent() + "/inner";
        try (RunningContainer container =
                host.start(TestHost.with(TestHost.spec("sleep", "1000"), "linux.cgroupsPath", parent + "/named"))) {
            List<Integer> processes = container.processes();
            assertThat(Files.readString(Path.of("/proc/" + container.pid() + "/cgroup")))
                    .contains(parent + "/named");

            host.anotherRuntime().discard(container.id());

            assertThat(host.leftBehind()).isEmpty();
            TestHost.await("the processes to end", () -> processes.stream().noneMatch(LeftoversIT::runs));
            assertThat(TestCgroups.named(parent)).isNotEmpty();
            assertThat(TestCgroups.named(parent + "/named")).isEmpty();
        }
        TestCgroups.remove(parent);
    }

    @Test
    void ofTheLastContainerBelowAnotherCgroupParentGoWithTheGroupOfSupervisors() throws Exception {
        String parent = host.cgroupParent() + "/inner";
        RunningContainer first =
                host.start(TestHost.with(TestHost.spec("sleep", "1000"), "linux.cgroupsPath", parent + "/first"));
        RunningContainer second =
                host.start(TestHost.with(TestHost.spec("sleep", "1000"), "linux.cgroupsPath", parent + "/second"));

        TestHost.remove(first);

        assertThat(TestCgroups.named(parent + "/supervisors/second"))
                .as("supervisors of the second container")
                .isNotEmpty();

        TestHost.remove(second);

        assertThat(TestCgroups.named(parent + "/supervisors"))
                .as("the group of supervisors")
                .isEmpty();
        assertThat(TestCgroups.named(parent)).as("the caller's group").isNotEmpty();
        TestCgroups.remove(parent);
    }

    @Test
    void areDiscardedWhenOnlyTheStateIsThere() throws Exception {
        Files.createDirectory(host.state().resolve("early"));
        Files.createFile(host.state().resolve("early/cgroup"));

        host.runtime().discard("early");

        assertThat(host.leftBehind()).isEmpty();
    }

    @Test
    void mayBeUnknown() throws Exception {
        host.runtime().discard("nobody");

        assertThat(host.leftBehind()).isEmpty();
    }

    @Test
    void haveNamesThatAreNoPaths() {
        assertThatThrownBy(() -> host.runtime().discard("../etc")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> host.runtime().discard("supervisors")).isInstanceOf(IllegalArgumentException.class);
    }
}
