package dev.gantry.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.gantry.kernel.Signal;
import dev.gantry.oci.runtime.Namespace;
import dev.gantry.oci.runtime.Spec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Namespaces that are not a container's own.
@Timeout(60)
class NamespaceIT {
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

    private static Spec joining(RunningContainer other, Namespace.Type type, String name, String... command)
            throws Exception {
        String path = "/proc/" + other.pid() + "/ns/" + name;
        return TestHost.withNamespace(TestHost.spec(command), type, path);
    }

    @ParameterizedTest
    @CsvSource({"NETWORK,net", "IPC,ipc", "UTS,uts", "PID,pid"})
    void areJoinedByPath(Namespace.Type type, String name) throws Exception {
        RunningContainer other = host.idle();
        String link = Files.readSymbolicLink(Path.of("/proc/" + other.pid() + "/ns/" + name))
                .toString();

        TestHost.Ended ended = host.run(joining(other, type, name, "readlink", "/proc/self/ns/" + name));

        assertThat(ended).isEqualTo(new TestHost.Ended(0, link + "\n", ""));
        TestHost.remove(other);
    }

    @ParameterizedTest
    @CsvSource({"NETWORK,net", "IPC,ipc", "UTS,uts", "PID,pid"})
    void areTheHostsWhenTheyAreNotListed(Namespace.Type type, String name) throws Exception {
        String own = Files.readSymbolicLink(Path.of("/proc/self/ns/" + name)).toString();
        String hostname = Files.readString(Path.of("/proc/sys/kernel/hostname"));
        Spec spec = TestHost.withNamespace(TestHost.spec("readlink", "/proc/self/ns/" + name), type, "");
        if (type == Namespace.Type.UTS) {
            spec = TestHost.with(spec, "hostname", null);
        }

        assertThat(host.run(spec)).isEqualTo(new TestHost.Ended(0, own + "\n", ""));
        assertThat(Files.readString(Path.of("/proc/sys/kernel/hostname"))).isEqualTo(hostname);
    }

    /// What is set in a namespace of the host's is set for the host: here to what it is already.
    @ParameterizedTest
    @CsvSource({
        "NETWORK,net,net.ipv4.ip_forward,not allowed in host network namespace",
        "IPC,ipc,kernel.shmmni,is not allowed in the hosts ipc namespace",
        "UTS,uts,kernel.domainname,is not allowed in the host UTS namespace"
    })
    void ofTheHostThatAreJoinedTakeNoSysctl(Namespace.Type type, String name, String sysctl, String reason)
            throws Exception {
        Spec spec = TestHost.with(TestHost.spec("true"), "hostname", null);
        String path = "/proc/" + ProcessHandle.current().pid() + "/ns/" + name;
        Map<String, String> same = Map.of(sysctl, setting(sysctl));
        Spec joined = TestHost.with(TestHost.withNamespace(spec, type, path), "linux.sysctl", same);

        assertThatThrownBy(() -> host.run(joined))
                .isInstanceOf(LaunchException.class)
                .hasMessageContaining("sysctl \"" + sysctl + "\" " + reason);
    }

    private static String setting(String sysctl) throws IOException {
        return Files.readString(Path.of("/proc/sys", sysctl.split("\\.", -1))).strip();
    }

    @ParameterizedTest
    @ValueSource(strings = {"hostname", "domainname"})
    void ofTheHostTakeNoName(String item) throws Exception {
        Spec unnamed = TestHost.with(TestHost.spec("true"), "hostname", null);
        Spec named = TestHost.with(unnamed, item, setting("kernel." + item));
        for (String path : new String[] {"", "/proc/self/ns/uts"}) {
            assertThatThrownBy(() -> host.run(TestHost.withNamespace(named, Namespace.Type.UTS, path)))
                    .isInstanceOf(LaunchException.class)
                    .hasMessageContaining(item + " needs a UTS namespace that is not the host's");
        }
    }

    @Test
    void ofProcessesShowTheOthersProcesses() throws Exception {
        RunningContainer other = host.start("sleep", "1234");

        TestHost.Ended ended = host.run(joining(
                other, Namespace.Type.PID, "pid", "sh", "-c", "cat /proc/1/cmdline | tr '\\0' ' '; ls /proc/self/fd"));

        assertThat(ended).isEqualTo(new TestHost.Ended(0, "sleep 1234 0\n1\n2\n3\n", ""));
        TestHost.remove(other);
    }

    @Test
    void ofProcessesEndWithTheOthersMainProcess() throws Exception {
        RunningContainer other = host.idle();
        RunningContainer container = host.start(joining(other, Namespace.Type.PID, "pid", "sleep", "1000"));
        try (ContainerProcess executed =
                container.exec(new ExecLaunch(TestHost.process(container, "sleep", "1000"), false, false))) {
            other.kill(Signal.KILL);

            assertThat(other.awaitExit().code()).isEqualTo(137);
            assertThat(container.awaitExit().code()).isEqualTo(137);
            assertThat(executed.awaitExit().code()).isEqualTo(137);
        }
        TestHost.remove(container);
        TestHost.remove(other);
    }

    @ParameterizedTest
    @CsvSource({"joined", "host"})
    void ofProcessesThatAreForeignKeepNoneAfterTheMainOne(String kind) throws Exception {
        RunningContainer other = host.idle();
        String[] command = {"sh", "-c", "sleep 1000 & sleep 1000 & echo started"};
        Spec spec = kind.equals("host")
                ? TestHost.withNamespace(TestHost.spec(command), Namespace.Type.PID, "")
                : joining(other, Namespace.Type.PID, "pid", command);
        RunningContainer container = host.start(spec);
        TestHost.readUntil(container.stdout(), "started\n");

        assertThat(container.awaitExit().code()).isZero();
        assertThat(container.stdout().readAllBytes()).isEmpty(); // the end of it comes
        assertThat(container.processes()).isEmpty();
        assertThat(TestHost.exec(other, "true").code()).isZero();
        TestHost.remove(container);
        TestHost.remove(other);
    }

    /// What is frozen with a group above its own cannot be killed on cgroup v1.
    @Test
    void ofTheHostDoNotHideHowTheMainProcessEnded() throws Exception {
        assumeFalse(TestCgroups.unified(), "host: it has cgroup v2 alone");
        String script = "sleep 1000 & echo started; read line; exit 3";
        RunningContainer container =
                host.start(TestHost.withNamespace(TestHost.spec("sh", "-c", script), Namespace.Type.PID, ""));
        TestHost.readUntil(container.stdout(), "started\n");
        Path above = TestCgroups.file(host.cgroupParent(), "", "freezer.state");
        Files.writeString(above.resolveSibling("../cgroup.procs"), Integer.toString(container.pid()));
        try {
            Files.writeString(above, "FROZEN");
            container.stdin().write('\n');
            container.stdin().flush();

            assertThat(container.awaitExit().code()).isEqualTo(3);
            assertThat(container.processes()).as("what could not be killed").hasSize(1);
        } finally {
            Files.writeString(above, "THAWED");
            TestHost.remove(container);
        }
    }

    /// The kernel gives 0 as the parent of a process that is just being waited for.
    @Test
    void ofTheHostTakeExecsThatEndAtOnce() throws Exception {
        Spec spec = TestHost.withNamespace(TestHost.spec("sleep", "1000"), Namespace.Type.PID, "");
        RunningContainer container = host.start(spec);
        try {
            for (int i = 0; i < 200; i++) {
                assertThat(TestHost.exec(container, "true").code()).isZero();
            }
        } finally {
            TestHost.remove(container);
        }
    }

    @Test
    void ofTheHostTakeExecsToo() throws Exception {
        Spec spec = TestHost.withNamespace(TestHost.spec("sleep", "1000"), Namespace.Type.PID, "");
        RunningContainer container = host.start(spec);
        String own = Files.readSymbolicLink(Path.of("/proc/self/ns/pid")).toString();

        assertThat(TestHost.exec(container, "readlink", "/proc/self/ns/pid").output())
                .isEqualTo(own + "\n");
        container.kill(Signal.KILL);
        container.awaitExit();
        TestHost.remove(container);
    }
}
