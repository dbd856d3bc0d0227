package dev.gantry.runtime.cgroup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class CgroupHostTest {
    private static final Path MOUNT = Path.of("/sys/fs/cgroup");
    private static final String UNIFIED =
            "30 24 0:26 / /sys/fs/cgroup rw,nosuid shared:9 - cgroup2 cgroup2 rw,nsdelegate";

    private static boolean delegated(Path group) {
        return group.equals(MOUNT.resolve("system.slice/gantry.service"));
    }

    @Test
    void hasVersionTwoAlone() throws IOException {
        CgroupHost host = CgroupHost.parse(List.of(UNIFIED));

        assertThat(host.hierarchies()).isEmpty();
        assertThat(host.unified()).isEqualTo(MOUNT);
        assertThat(Cgroup.of(host, new CgroupPlace("/gantry", "c1"))).isInstanceOf(V2Cgroup.class);
        assertThat(Cgroup.of(host, new CgroupPlace("/gantry", "c1")).unified()).isEqualTo(MOUNT.resolve("gantry/c1"));
    }

    @Test
    void takesAHierarchyWithoutControllersForNone() throws IOException {
        String named = "31 24 0:27 / /sys/fs/cgroup/elogind rw - cgroup cgroup rw,xattr,name=elogind";

        assertThat(CgroupHost.parse(List.of(UNIFIED, named)).hierarchies()).isEmpty();
    }

    @Test
    void isHybridWithControllersInVersionOne() throws IOException {
        CgroupHost host = CgroupHost.parse(List.of(
                "31 24 0:27 / /sys/fs/cgroup/cpu,cpuacct rw - cgroup cgroup rw,cpu,cpuacct",
                "32 24 0:28 / /sys/fs/cgroup/systemd rw - cgroup cgroup rw,name=systemd",
                "33 24 0:26 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw"));

        assertThat(host.hierarchies()).hasSize(2);
        assertThat(Cgroup.of(host, new CgroupPlace("/gantry", "c1"))).isInstanceOf(V1Cgroup.class);
    }

    @Test
    void hasOneAtLeast() {
        assertThatThrownBy(() -> CgroupHost.parse(List.of())).hasMessageContaining("mount cgroup2");
    }

    @Test
    void beginsBelowWhatSystemdHasDelegatedWhenTheDaemonIsInAGroupOfItsOwnThere() {
        assertThat(CgroupHost.base(MOUNT, List.of("0::/system.slice/gantry.service/daemon"), CgroupHostTest::delegated))
                .isEqualTo(MOUNT.resolve("system.slice/gantry.service"));
    }

    /// A group that has processes cannot give controllers to its children.
    @Test
    void beginsAtTheRootWhenTheDaemonIsInTheDelegatedGroupItself() {
        assertThat(CgroupHost.base(MOUNT, List.of("0::/system.slice/gantry.service"), CgroupHostTest::delegated))
                .isEqualTo(MOUNT);
    }

    @Test
    void beginsAtTheRootWhenNothingIsDelegated() {
        assertThat(CgroupHost.base(MOUNT, List.of("0::/user.slice/session-1.scope"), _ -> false))
                .isEqualTo(MOUNT);
        assertThat(CgroupHost.base(MOUNT, List.of("0::/"), _ -> true)).isEqualTo(MOUNT);
        assertThat(CgroupHost.base(MOUNT, List.of("0::/../other"), _ -> true)).isEqualTo(MOUNT);
    }

    @Test
    void takesNoNameThatIsAPath() throws IOException {
        CgroupHost host = CgroupHost.parse(List.of(UNIFIED));

        for (String name : List.of("a/b", "..", "supervisors")) {
            assertThatThrownBy(() -> Cgroup.of(host, new CgroupPlace("/gantry", name)))
                    .isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> Cgroup.of(host, new CgroupPlace("/gantry/../x", "c")))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
