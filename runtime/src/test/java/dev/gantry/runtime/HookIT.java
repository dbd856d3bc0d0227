package dev.gantry.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gantry.oci.Json;
import dev.gantry.oci.runtime.Mount;
import dev.gantry.oci.runtime.Namespace;
import dev.gantry.oci.runtime.Spec;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Hooks of all six kinds.
@Timeout(60)
class HookIT {
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

    private static Spec with(Spec spec, String kind, Map<String, Object> hook) throws Exception {
        return TestHost.with(spec, "hooks." + kind, List.of(hook));
    }

    @SuppressWarnings("unchecked") // JSON objects have strings for keys
    private static Map<String, Object> state(String text) throws Exception {
        return Json.read(text, Map.class);
    }

    private static Map<String, Object> shell(String script) {
        return Map.of("path", "/bin/sh", "args", List.of("sh", "-c", script), "env", List.of("PATH=/bin:/usr/bin"));
    }

    @Test
    void runInTheirOrderWithTheContainersState() throws Exception {
        Path log = host.fresh("hooks").resolve("log");
        Spec spec = TestHost.with(TestHost.spec("sh", "-c", "echo command"), "annotations", Map.of("key", "value"));
        for (String kind : List.of("prestart", "createRuntime", "createContainer", "poststart", "poststop")) {
            spec = with(spec, kind, shell("echo " + kind + " $(cat) >> " + log));
        }

        host.run(spec);

        List<String> kinds = new ArrayList<>();
        Map<String, Map<String, Object>> states = new HashMap<>();
        for (String line : Files.readAllLines(log)) {
            String kind = line.substring(0, line.indexOf(' '));
            kinds.add(kind);
            states.put(kind, state(line.substring(kind.length() + 1)));
        }
        assertThat(kinds).containsExactly("prestart", "createRuntime", "createContainer", "poststart", "poststop");
        for (String kind : List.of("prestart", "createRuntime", "createContainer")) {
            assertThat(states.get(kind)).containsEntry("status", "creating").containsKeys("id", "bundle", "ociVersion");
            assertThat((Integer) states.get(kind).get("pid")).isPositive();
        }
        assertThat(states.get("poststart")).containsEntry("status", "running");
        assertThat(states.get("poststop"))
                .containsEntry("status", "stopped")
                .doesNotContainKey("pid")
                .containsEntry("annotations", Map.of("key", "value"));
    }

    @Test
    void runWhereTheyBelong() throws Exception {
        Path log = host.fresh("hooks").resolve("log");
        String uts = Files.readSymbolicLink(Path.of("/proc/self/ns/uts")).toString();
        Spec spec = TestHost.spec("sh", "-c", "readlink /proc/self/ns/uts; cat /tmp/made");
        spec = with(spec, "createRuntime", shell("readlink /proc/self/ns/uts >> " + log));
        spec = with(spec, "createContainer", shell("readlink /proc/self/ns/uts >> " + log));
        spec = with(
                spec,
                "startContainer",
                Map.of("path", "/bin/sh", "args", List.of("sh", "-c", "/bin/grep -o '\"id\":' > /tmp/made; exit 0")));

        TestHost.Ended ended = host.run(spec);

        List<String> lines = Files.readAllLines(log);
        assertThat(lines).hasSize(2).startsWith(uts);
        assertThat(ended.output()).isEqualTo(lines.get(1) + "\n\"id\":\n");
        assertThat(lines.get(1)).isNotEqualTo(uts);
    }

    @Test
    void findEveryNamespaceOfContainersWithUsersOfTheirOwn() throws Exception {
        Path log = host.fresh("hooks").resolve("log");
        String find = "pid=$(grep -o '\"pid\":[0-9]*'); for each in ipc uts mnt net pid; do"
                + " readlink /proc/${pid#*:}/ns/$each; done > " + log;
        String command = "for each in ipc uts mnt net pid; do readlink /proc/self/ns/$each; done";
        Spec spec = TestHost.withUserNamespace(TestHost.spec("sh", "-c", command));

        TestHost.Ended ended = host.run(with(spec, "createRuntime", shell(find)));

        assertThat(ended.output()).isEqualTo(Files.readString(log)).contains("ipc:");
    }

    @Test
    void ofTheStartRunAsTheContainersUser() throws Exception {
        Spec spec = TestHost.with(TestHost.spec("cat", "/tmp/user"), "process.user", Map.of("uid", 1000, "gid", 1000));
        List<Mount> mounts = new ArrayList<>(spec.mounts());
        mounts.add(new Mount("/tmp", "tmpfs", "tmpfs", List.of("mode=1777")));
        spec = spec.withMounts(mounts);
        spec = with(
                spec,
                "startContainer",
                Map.of(
                        "path",
                        "/bin/sh",
                        "args",
                        List.of("sh", "-c", "/bin/id -u > /tmp/user; /bin/ls /proc/self/fd >> /tmp/user")));

        assertThat(host.run(spec)).isEqualTo(new TestHost.Ended(0, "1000\n0\n1\n2\n3\n", ""));
    }

    @Test
    void endTheContainerWhenTheyFail() throws Exception {
        for (String kind : List.of("prestart", "createRuntime", "poststart")) {
            Spec failing = with(TestHost.spec("sleep", "1000"), kind, shell("echo because >&2; exit 3"));
            assertThatThrownBy(() -> host.run(failing))
                    .isInstanceOf(java.io.IOException.class)
                    .hasMessageContaining(kind + " hook /bin/sh: ended with exit code 3: because");
        }
        for (String kind : List.of("createContainer", "startContainer")) {
            Spec failing = with(TestHost.spec("sleep", "1000"), kind, shell("exit 3"));
            assertThatThrownBy(() -> host.run(failing))
                    .isInstanceOf(LaunchException.class)
                    .hasMessageContaining(kind + " hook /bin/sh ended with an error");
        }
        assertThat(host.leftBehind()).isEmpty();
    }

    @Test
    void areNamedWhenTheyDoNotExist() throws Exception {
        for (String kind : List.of("createRuntime", "createContainer", "startContainer")) {
            Spec failing = with(TestHost.spec("true"), kind, Map.of("path", "/no/hook"));
            assertThatThrownBy(() -> host.run(failing))
                    .hasMessageContaining(kind + " hook /no/hook: no such file or directory");
        }
    }

    @Test
    void areKilledWhenTheyTakeTooLong() throws Exception {
        for (String kind : List.of("createRuntime", "createContainer", "startContainer")) {
            Spec slow = with(
                    TestHost.spec("true"),
                    kind,
                    Map.of("path", "/bin/sleep", "args", List.of("sleep", "1000"), "timeout", 1));
            assertThatThrownBy(() -> host.run(slow))
                    .hasMessageMatching("(?s).*" + kind + " hook /bin/sleep:? took longer than 1 s.*");
        }
    }

    @Test
    void afterTheEndThatFailAreOnlyTold() throws Exception {
        Spec spec = with(TestHost.spec("true"), "poststop", shell("exit 4"));

        assertThat(host.run(spec).code()).isZero();
        assertThat(host.warnings()).anyMatch(each -> each.contains("poststop hook /bin/sh: ended with exit code 4"));
    }

    @Test
    void runInUserNamespacesAndForeignPidNamespacesToo() throws Exception {
        Path log = host.fresh("hooks").resolve("log");
        Map<String, Object> hook = shell("read inside outside rest < /proc/self/uid_map; test $outside = 100000");
        Spec mapped = with(TestHost.withUserNamespace(TestHost.spec("true")), "createContainer", hook);
        mapped = with(mapped, "startContainer", Map.of("path", "/bin/true"));
        RunningContainer other = host.idle();
        try {
            assertThat(host.run(mapped).code()).isZero();
            Spec joined = TestHost.withNamespace(
                    TestHost.spec("true"), Namespace.Type.PID, "/proc/" + other.pid() + "/ns/pid");
            joined = with(joined, "createRuntime", shell("echo runtime >> " + log));
            joined = with(joined, "createContainer", shell("echo container >> " + log));
            joined = with(joined, "startContainer", Map.of("path", "/bin/true"));
            assertThat(host.run(joined).code()).isZero();
        } finally {
            TestHost.remove(other);
        }
        assertThat(Files.readString(log)).isEqualTo("runtime\ncontainer\n");
    }

    /// runtime-spec, config.md, "POSIX-platform Hooks". In a foreign PID namespace the container's process does not
    /// exist
    /// yet when `createContainer` hooks run, and a state may leave out what is not there.
    @Test
    void readTheStateOfTheirTimeWithTheProcessIdOfTheirOwnNamespace() throws Exception {
        Path log = host.fresh("hooks").resolve("log");
        Spec spec = TestHost.spec("sh", "-c", "echo $$; cat /tmp/state");
        spec = with(spec, "createContainer", shell("cat > " + log));
        spec = with(spec, "startContainer", shell("/bin/cat > /tmp/state"));

        TestHost.Ended own = host.run(spec);

        assertThat(own.output()).startsWith("1\n").contains("\"pid\":1,\"status\":\"created\"");
        assertThat(Files.readString(log)).contains("\"pid\":1,\"status\":\"creating\"");

        RunningContainer other = host.idle();
        try {
            TestHost.Ended joined =
                    host.run(TestHost.withNamespace(spec, Namespace.Type.PID, "/proc/" + other.pid() + "/ns/pid"));
            String pid = joined.output().lines().findFirst().orElseThrow();
            assertThat(joined.output()).contains("\"pid\":" + pid + ",\"status\":\"created\"");
            assertThat(pid).isNotEqualTo("1");
            assertThat(Files.readString(log)).contains("\"creating\"").doesNotContain("pid");
        } finally {
            TestHost.remove(other);
        }
    }

    /// With hooks of every kind that runs on the host, which write a log; those of one kind fail.
    private static Spec logging(Path log, String failing) throws Exception {
        Spec spec = TestHost.spec("sleep", "1000");
        for (String kind : List.of("prestart", "createRuntime", "poststart", "poststop")) {
            spec = with(spec, kind, shell("echo " + kind + " >> " + log + (kind.equals(failing) ? "; exit 3" : "")));
        }
        return spec;
    }

    @Test
    void afterTheEndRunWhenThoseBeforeItFail() throws Exception {
        Path log = host.fresh("hooks").resolve("log");

        assertThatThrownBy(() -> host.run(logging(log, "createRuntime"))).hasMessageContaining("exit code 3");
        assertThatThrownBy(() -> host.run(logging(log, "poststart"))).hasMessageContaining("exit code 3");

        assertThat(Files.readString(log).replace("\n", " "))
                .isEqualTo("prestart createRuntime poststop prestart createRuntime poststart poststop ");
    }
}
