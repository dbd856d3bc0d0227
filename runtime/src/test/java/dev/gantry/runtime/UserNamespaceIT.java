package dev.gantry.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gantry.oci.runtime.Namespace;
import dev.gantry.oci.runtime.Spec;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Containers whose root is nobody on the host.
@Timeout(60)
class UserNamespaceIT {
    private TestHost host;

    @BeforeEach
    void makeHost() throws Exception {
        host = new TestHost();
    }

    @AfterEach
    void removeHost() throws Exception {
        assertThat(host.leftBehind()).isEmpty();
        assertThat(host.cgroups()).isEmpty();
        host.close();
    }

    private static Spec mapped(String... command) throws Exception {
        return TestHost.withUserNamespace(TestHost.spec(command));
    }

    @Test
    void mapUsersAndGroups() throws Exception {
        TestHost.Ended ended = host.run(mapped("sh", "-c", "id -u; cat /proc/self/uid_map /proc/self/gid_map"));

        assertThat(ended.error()).isEmpty();
        assertThat(ended.output().replaceAll(" +", " ")).isEqualTo("0\n 0 100000 65536\n 0 100000 65536\n");
    }

    @Test
    void showProcessesAsUsersOfTheHostThatAreNobody() throws Exception {
        RunningContainer container = host.start(mapped("sleep", "1000"));
        try {
            assertThat(Files.readAllLines(Path.of("/proc/" + container.pid() + "/status")))
                    .contains("Uid:\t100000\t100000\t100000\t100000", "Gid:\t100000\t100000\t100000\t100000");
            assertThat(Files.readSymbolicLink(Path.of("/proc/" + container.pid() + "/ns/user")))
                    .isNotEqualTo(Files.readSymbolicLink(Path.of("/proc/self/ns/user")));
        } finally {
            TestHost.remove(container);
        }
    }

    /// The layers are mounted with other owners, so that neither is changed nor copied.
    @Test
    void ownTheFilesOfTheImageAndTheirOwn() throws Exception {
        String script = "stat -c %u:%g /bin/busybox /bin; echo new > /bin/new; stat -c %u:%g /bin/new;"
                + " touch /tmp/x && echo writable";

        TestHost.Ended ended = host.run(mapped("sh", "-c", script));

        assertThat(ended).isEqualTo(new TestHost.Ended(0, "0:0\n0:0\n0:0\nwritable\n", ""));
    }

    @Test
    void haveDevicesThatWork() throws Exception {
        String script = "echo x > /dev/null && head -c 3 /dev/zero | wc -c; stat -c %u:%g:%F:%a /dev /dev/null;"
                + " stat -c %u:%g /dev/fd /dev/mqueue /dev/deep; stat -L -c %u:%g /proc/self/fd/2;"
                + " mkdir /dev/own && echo own; ls /dev; head -c 1 /dev/random | wc -c";

        Map<String, Object> device = Map.of("path", "/dev/deep/null", "type", "c", "major", 1, "minor", 3);

        TestHost.Ended ended = host.run(TestHost.with(mapped("sh", "-c", script), "linux.devices", List.of(device)));

        assertThat(ended.error()).isEmpty();
        assertThat(ended.output())
                .startsWith("3\n0:0:directory:755\n0:0:character special file:666\n0:0\n0:0\n0:0\n0:0\nown\n")
                .contains("fd\n", "full\n", "mqueue\n", "ptmx\n", "pts\n", "shm\n")
                .endsWith("\n1\n");
    }

    /// The root shows other owners there, and takes files from nobody else.
    @Test
    void haveDevicesOutsideOfDev() throws Exception {
        String script = "for d in /bin/null /srv/new/null; do echo x > $d; stat -c %u:%g:%t:%T:%a $d; done;"
                + " stat -c %u:%g:%F:%a /srv/new; grep -c . /bin/null";
        List<Map<String, Object>> devices = List.of(
                Map.of("path", "/bin/null", "type", "c", "major", 1, "minor", 3),
                Map.of("path", "/srv/new/null", "type", "c", "major", 1, "minor", 3, "gid", 6, "fileMode", 0640));

        TestHost.Ended ended = host.run(TestHost.with(mapped("sh", "-c", script), "linux.devices", devices));

        assertThat(ended.error()).isEmpty();
        assertThat(ended.output()).isEqualTo("0:0:1:3:666\n0:6:1:3:640\n0:0:directory:755\n0\n");
    }

    @Test
    void mountTheKernelsFileSystemsAndMaskThem() throws Exception {
        String script = "mount | grep -c '^cgroup on'; cat /proc/kcore | wc -c; ls /sys/firmware | wc -l;"
                + " echo 1 > /proc/sys/vm/swappiness || echo read-only; readlink /proc/self/exe; ls /sys | wc -l";

        TestHost.Ended ended = host.run(mapped("sh", "-c", script));

        assertThat(ended.output()).contains("0\n0\nread-only\n/bin/busybox\n");
        assertThat(Integer.parseInt(ended.output().lines().findFirst().orElseThrow()))
                .isPositive();
    }

    /// CVE-2023-25809: no file of a cgroup's can be written, nor a cgroup made.
    @Test
    void leaveTheCgroupsAlone() throws Exception {
        String script =
                "for d in $(find /sys/fs/cgroup -type d); do mkdir $d/made 2> /dev/null && echo made in $d; done;"
                        + " for f in $(find /sys/fs/cgroup -type f); do { true >> $f; } 2> /dev/null && echo $f; done;"
                        + " find /sys/fs/cgroup -type f | grep -c procs";

        TestHost.Ended ended = host.run(mapped("sh", "-c", script));

        assertThat(ended.error()).isEmpty();
        assertThat(ended.output()).matches("[1-9][0-9]*\n");
    }

    @Test
    void giveEveryCapabilityThatIsAskedForAndNoneOnTheHost() throws Exception {
        Spec spec = TestHost.with(
                mapped(
                        "sh",
                        "-c",
                        "grep CapEff /proc/self/status; mount -t tmpfs tmpfs /tmp && echo mounted;"
                                + " busybox mknod /tmp/null c 1 3 || echo refused"),
                "process.capabilities",
                Map.of(
                        "bounding", List.of("CAP_SYS_ADMIN", "CAP_MKNOD", "CAP_SYS_RESOURCE"),
                        "effective", List.of("CAP_SYS_ADMIN", "CAP_MKNOD", "CAP_SYS_RESOURCE"),
                        "permitted", List.of("CAP_SYS_ADMIN", "CAP_MKNOD", "CAP_SYS_RESOURCE")));

        TestHost.Ended ended = host.run(TestHost.with(spec, "linux.seccomp", null));

        assertThat(ended.output()).isEqualTo("CapEff:\t0000000009200000\nmounted\nrefused\n");
    }

    @Test
    void takeExecs() throws Exception {
        RunningContainer container = host.start(mapped("sleep", "1000"));
        try {
            String user = "/proc/" + container.pid() + "/ns/user";
            TestHost.Ended ended = TestHost.exec(
                    container,
                    "sh",
                    "-c",
                    "readlink /proc/self/ns/user; id -u; touch /made; stat -c %u /made; ps > /made; wc -l < /made");
            assertThat(ended)
                    .isEqualTo(new TestHost.Ended(0, Files.readSymbolicLink(Path.of(user)) + "\n0\n0\n4\n", ""));
        } finally {
            TestHost.remove(container);
        }
    }

    @Test
    void giveATerminalToTheUser() throws Exception {
        Spec spec = TestHost.with(
                TestHost.with(
                        mapped(
                                "sh",
                                "-c",
                                "stat -c %u:%g:%a $(readlink /proc/self/fd/0); test -w /dev/console;" + " echo $?"),
                        "process.terminal",
                        true),
                "process.user",
                Map.of("uid", 7, "gid", 8));

        assertThat(host.run(spec).output()).isEqualTo("7:5:620\r\n0\r\n");
    }

    @Test
    void giveOtherUsersTheirStreams() throws Exception {
        Spec spec = TestHost.with(
                mapped("sh", "-c", "id -u; id -G; stat -L -c %u /proc/self/fd/1; echo again > /dev/stdout"),
                "process.user",
                Map.of("uid", 1000, "gid", 1001, "additionalGids", List.of(7, 8)));

        assertThat(host.run(spec)).isEqualTo(new TestHost.Ended(0, "1000\n1001 7 8\n1000\nagain\n", ""));
    }

    @Test
    void setScoreLimitsNamesAndKernelParameters() throws Exception {
        Spec spec = mapped(
                "sh",
                "-c",
                "cat /proc/self/oom_score_adj; ulimit -n; hostname; cat /proc/sys/net/core/somaxconn;"
                        + " cat /proc/sys/user/max_mnt_namespaces");
        spec = TestHost.with(spec, "process.oomScoreAdj", 500);
        spec = TestHost.with(
                spec, "process.rlimits", List.of(Map.of("type", "RLIMIT_NOFILE", "soft", 100, "hard", 200)));
        spec = TestHost.with(spec, "linux.sysctl", Map.of("net.core.somaxconn", "99", "user.max_mnt_namespaces", "7"));

        assertThat(host.run(spec)).isEqualTo(new TestHost.Ended(0, "500\n100\nbox\n99\n7\n", ""));
    }

    @Test
    void workWithAnInit() throws Exception {
        assertThat(host.run(host.launch(mapped("sh", "-c", "id -u; exit 7"), true)))
                .isEqualTo(new TestHost.Ended(7, "0\n", ""));
    }

    @Test
    void areJoinedTogetherWithOthers() throws Exception {
        RunningContainer other = host.start(mapped("sleep", "1000"));
        try {
            Spec spec = TestHost.spec(
                    "sh",
                    "-c",
                    "for n in user net pid; do readlink /proc/self/ns/$n; done; touch /x; stat -c %u /x; id -u");
            String expected = "";
            for (String[] each : new String[][] {{"USER", "user"}, {"NETWORK", "net"}, {"PID", "pid"}}) {
                Path path = Path.of("/proc/" + other.pid() + "/ns/" + each[1]);
                spec = TestHost.withNamespace(spec, Namespace.Type.valueOf(each[0]), path.toString());
                expected += Files.readSymbolicLink(path) + "\n";
            }
            Object maps = List.of(Map.of("containerID", 0, "hostID", 100_000, "size", 65_536));
            spec = TestHost.with(TestHost.with(spec, "linux.uidMappings", maps), "linux.gidMappings", maps);

            assertThat(host.run(spec)).isEqualTo(new TestHost.Ended(0, expected + "0\n0\n", ""));
        } finally {
            TestHost.remove(other);
        }
    }

    @Test
    void areMadeBesideANetworkNamespaceThatIsJoined() throws Exception {
        RunningContainer other = host.idle();
        try {
            Path network = Path.of("/proc/" + other.pid() + "/ns/net");
            Spec spec = TestHost.withNamespace(
                    mapped("readlink", "/proc/self/ns/net"), Namespace.Type.NETWORK, network.toString());
            // a sysfs shows a network namespace, and this one belongs to the host
            spec = spec.withMounts(spec.mounts().stream()
                    .filter(each -> !each.destination().startsWith("/sys"))
                    .toList());
            spec = TestHost.with(spec, "linux.sysctl", null);

            assertThat(host.run(spec)).isEqualTo(new TestHost.Ended(0, Files.readSymbolicLink(network) + "\n", ""));
        } finally {
            TestHost.remove(other);
        }
    }

    @Test
    void areRefusedWithoutMapsOrForUsersWithoutOne() throws Exception {
        Spec spec = mapped("true");
        assertThatThrownBy(() -> host.run(TestHost.with(spec, "linux.gidMappings", null)))
                .hasMessageContaining("no gid mapping found");
        assertThatThrownBy(() -> host.run(TestHost.with(spec, "process.user", Map.of("uid", 70_000, "gid", 0))))
                .hasMessageContaining("process.user: uid 70000 has no ID on the host");
        assertThatThrownBy(() -> host.run(TestHost.withNamespace(spec, Namespace.Type.USER, "")))
                .hasMessageContaining("user namespace isn't enabled");
        assertThatThrownBy(() -> host.run(TestHost.withNamespace(spec, Namespace.Type.PID, "")))
                .hasMessageContaining("needs a new pid namespace");
    }
}
