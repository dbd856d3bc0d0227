package dev.gantry.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.gantry.oci.runtime.Mount;
import dev.gantry.oci.runtime.Process;
import dev.gantry.oci.runtime.Rlimit;
import dev.gantry.oci.runtime.Spec;
import dev.gantry.runtime.TestHost.Ended;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What is set for a process, in a start and in an exec.
@Timeout(60)
class ProcessRulesIT {
    private TestHost host;

    @BeforeEach
    void makeHost() throws Exception {
        host = new TestHost();
    }

    @AfterEach
    void removeHost() throws Exception {
        assertThat(host.leftBehind()).isEmpty();
        host.close();
    }

    /// The output of a command under a rule, which is the same as main process and executed in another container.
    private String everywhere(String item, Object value, String... command) throws Exception {
        Spec spec = TestHost.with(TestHost.spec(command), item, value);
        Ended started = host.run(spec);
        assertThat(started.error()).isEmpty();
        RunningContainer container = host.idle();
        try {
            assertThat(TestHost.exec(container, spec.process(), "")).isEqualTo(started);
        } finally {
            TestHost.remove(container);
        }
        return started.output();
    }

    @Test
    void areUserGroupsAndUmask() throws Exception {
        Map<String, Object> user = Map.of("uid", 1000, "gid", 1001, "additionalGids", List.of(5, 1002), "umask", 0027);
        String script = "id -u; id -g; id -G; umask; grep -E 'Cap(Prm|Eff|Amb)' /proc/self/status";

        assertThat(everywhere("process.user", user, "sh", "-c", script).lines())
                .containsExactly(
                        "1000",
                        "1001",
                        "1001 5 1002",
                        "0027",
                        "CapPrm:\t0000000000000000",
                        "CapEff:\t0000000000000000",
                        "CapAmb:\t0000000000000000");
    }

    @Test
    void areTheDefaultsOfDocker() throws Exception {
        String output = everywhere(
                "process.noNewPrivileges",
                false,
                "grep",
                "-E",
                "^(Umask|Groups|NoNewPrivs|SigBlk|SigIgn|Cap)",
                "/proc/self/status");

        assertThat(output.lines())
                .contains("Umask:\t0022", "Groups:\t ", "NoNewPrivs:\t0", "SigBlk:\t0000000000000000")
                .contains("SigIgn:\t0000000000000000", "CapEff:\t00000000a80425fb", "CapBnd:\t00000000a80425fb")
                .contains("CapInh:\t0000000000000000");
    }

    @Test
    void keepPrivilegesFromBeingGained() throws Exception {
        assertThat(everywhere("process.noNewPrivileges", true, "grep", "NoNewPrivs", "/proc/self/status"))
                .isEqualTo("NoNewPrivs:\t1\n");
    }

    @Test
    void areRefusedWithVariablesThatAreNone() throws Exception {
        Map<String, String> refusals = Map.of(
                "X", "invalid environment variable: \"X\"",
                "", "invalid environment variable: \"\"",
                "=x", "environment variable name can't be empty: \"=x\"",
                "A=b\0c", "environment variable can't contain a zero byte: \"A=b\\0c\"");
        RunningContainer container = host.idle();
        for (Map.Entry<String, String> each : refusals.entrySet()) {
            Process process = TestHost.spec("true").process().withEnv(List.of("PATH=/bin", each.getKey()));
            assertThatThrownBy(() -> host.run(TestHost.spec("true").withProcess(process)))
                    .isInstanceOf(LaunchException.class)
                    .hasMessageContaining("process.env: " + each.getValue());
            assertThatThrownBy(() -> TestHost.exec(container, process, ""))
                    .hasMessageContaining("process.env: " + each.getValue());
        }
        TestHost.remove(container);
    }

    @Test
    void areRefusedWithoutACommandOrAnAbsoluteDirectory() {
        assertThatThrownBy(() -> host.run(TestHost.spec()))
                .isInstanceOf(LaunchException.class)
                .hasMessageContaining("process.args is empty");
        for (String directory : new String[] {"", "tmp"}) {
            assertThatThrownBy(() -> host.run(TestHost.with(TestHost.spec("true"), "process.cwd", directory)))
                    .isInstanceOf(LaunchException.class)
                    .hasMessageContaining("process.cwd \"" + directory + "\" is not an absolute path");
        }
    }

    /// To setresuid(2) and setresgid(2) it means to leave the user as it is, which is root.
    @ParameterizedTest
    @ValueSource(strings = {"uid", "gid", "additionalGids"})
    void areNoUserThatIsNone(String item) {
        Object none = item.equals("additionalGids") ? List.of(4_294_967_295L) : 4_294_967_295L;
        assertThatThrownBy(() -> TestHost.with(TestHost.spec("id"), "process.user." + item, none))
                .hasMessageContaining("user or group ID 4294967295 is none");
    }

    @Test
    void areLimits() throws Exception {
        List<Rlimit> limits = List.of(new Rlimit("RLIMIT_NOFILE", 200, 100), new Rlimit("RLIMIT_CORE", 0, 0));

        assertThat(everywhere("process.rlimits", limits, "sh", "-c", "ulimit -n; ulimit -Hn; ulimit -c"))
                .isEqualTo("100\n200\n0\n");
    }

    @Test
    void areLimitsBelowWhatTheLaunchItselfNeeds() throws Exception {
        List<Rlimit> limits = List.of(new Rlimit("RLIMIT_NOFILE", 12, 10));

        assertThat(everywhere("process.rlimits", limits, "sh", "-c", "ulimit -n; ulimit -Hn"))
                .isEqualTo("10\n12\n");
    }

    /// Each mount has descriptors, which stay open until the command is executed.
    @ParameterizedTest
    @CsvSource({"100, 256, 256, false", "100, 256, 256, true", "100, 256, 4096, false", "450, 1024, 1024, false"})
    void areLimitsBelowWhatTheMountsNeed(int count, long soft, long hard, boolean users) throws Exception {
        String source = host.fresh("source").toString();
        Spec spec = TestHost.with(
                TestHost.spec("sh", "-c", "ulimit -n; ulimit -Hn; grep -c ' /many/' /proc/mounts"),
                "process.rlimits",
                List.of(new Rlimit("RLIMIT_NOFILE", hard, soft)));
        List<Mount> mounts = new ArrayList<>(spec.mounts());
        for (int i = 0; i < count; i++) {
            mounts.add(new Mount("/many/" + i, "bind", source, List.of("bind")));
        }
        Spec many = spec.withMounts(mounts);

        assertThat(host.run(users ? TestHost.withUserNamespace(many) : many))
                .isEqualTo(new TestHost.Ended(0, soft + "\n" + hard + "\n" + count + "\n", ""));
    }

    /// Here root cannot raise hard limits: what it may not is left out, with one warning, and the container runs.
    @Test
    void areLimitsAsFarAsTheHostGives() throws Exception {
        assumeFalse(mayRaise(), "host: this process has CAP_SYS_RESOURCE");
        String hard = hardLimit("Max open files");
        List<Rlimit> limits = List.of(new Rlimit("RLIMIT_NOFILE", Rlimit.INFINITY, Rlimit.INFINITY));

        assertThat(everywhere("process.rlimits", limits, "sh", "-c", "ulimit -n; ulimit -Hn"))
                .isEqualTo(hard + "\n" + hard + "\n");
        assertThat(host.warnings())
                .containsExactly("limit RLIMIT_NOFILE cannot be raised above " + hard
                        + " without CAP_SYS_RESOURCE: it stays there");
    }

    @Test
    void areTheLimitOfOpenFilesFromBeforeTheJvm() throws Exception {
        RuntimeOptions options =
                new RuntimeOptions(host.state(), host.cgroupParent(), new Rlimit("RLIMIT_NOFILE", 4000, 300), _ -> {});
        RunningContainer container = ContainerRuntime.on(host.poller(), options)
                .start(host.launch(TestHost.spec("sh", "-c", "ulimit -n; ulimit -Hn"), false));

        assertThat(TestHost.end(container).output()).isEqualTo("300\n4000\n");
        TestHost.remove(container);
    }

    @Test
    void areTheOutOfMemoryScore() throws Exception {
        assertThat(everywhere("process.oomScoreAdj", 500, "cat", "/proc/self/oom_score_adj"))
                .isEqualTo("500\n");
        assertThat(host.warnings()).isEmpty();
    }

    @Test
    void areTheOutOfMemoryScoreAsFarAsTheHostGives() throws Exception {
        assumeFalse(mayRaise(), "host: this process has CAP_SYS_RESOURCE");
        String own = Files.readString(Path.of("/proc/self/oom_score_adj")).strip();

        assertThat(everywhere("process.oomScoreAdj", -1000, "cat", "/proc/self/oom_score_adj"))
                .isEqualTo(own + "\n");
        assertThat(host.warnings()).hasSize(1).allMatch(each -> each.contains("OOM score adjustment"));
    }

    @Test
    void areAWorkingDirectoryThatTheContainerMakes() throws Exception {
        Spec spec = TestHost.with(TestHost.spec("readlink", "/proc/self/cwd"), "process.cwd", "/new/one");

        assertThat(host.run(spec).output()).isEqualTo("/new/one\n");
    }

    @Test
    void areAWorkingDirectoryThatAnExecDoesNotMake() throws Exception {
        RunningContainer container = host.idle();
        Spec spec = TestHost.with(TestHost.spec("true"), "process.cwd", "/new/one");
        LaunchException failure = org.assertj.core.api.Assertions.catchThrowableOfType(
                LaunchException.class, () -> TestHost.exec(container, spec.process(), ""));

        assertThat(failure).hasMessage("enter /new/one: openat2: ENOENT (no such file or directory)");
        TestHost.remove(container);
    }

    /// CVE-2024-21626: a link to a descriptor of the host's must not become the working directory.
    @Test
    void areNoWorkingDirectoryOutsideOfTheRoot() throws Exception {
        RunningContainer container = host.idle();
        for (int number = 0; number < 40; number++) {
            for (String path : List.of("/proc/self/fd/" + number, "/proc/1/fd/" + number + "/../../..")) {
                Spec spec = TestHost.with(TestHost.spec("ls"), "process.cwd", path);
                LaunchException failure = org.assertj.core.api.Assertions.catchThrowableOfType(
                        LaunchException.class, () -> TestHost.exec(container, spec.process(), ""));
                assertThat(failure.step()).isEqualTo("enter " + path);
            }
        }
        TestHost.remove(container);
    }

    @Test
    void areEveryCapabilityOfTheHostsForAPrivilegedExec() throws Exception {
        RunningContainer container = host.idle();
        Spec spec = TestHost.spec("grep", "CapEff", "/proc/self/status");
        try (ContainerProcess process = container.exec(new ExecLaunch(spec.process(), false, true))) {
            assertThat(TestHost.end(process).output()).isEqualTo("CapEff:\t" + ownCapabilities() + "\n");
        }
        TestHost.remove(container);
    }

    @Test
    void areAReadOnlyRoot() throws Exception {
        Spec spec = TestHost.with(
                TestHost.spec("sh", "-c", "touch /x; touch /tmp/x; echo x > /dev/shm/x && cat /dev/shm/x"),
                "root.readonly",
                true);

        assertThat(host.run(spec))
                .isEqualTo(new Ended(
                        0, "x\n", "touch: /x: Read-only file system\ntouch: /tmp/x: Read-only file system\n"));
    }

    @Test
    void areKernelParametersOfTheContainersNamespaces() throws Exception {
        Spec spec = TestHost.with(
                TestHost.spec("cat", "/proc/sys/net/ipv4/ip_unprivileged_port_start", "/proc/sys/kernel/msgmax"),
                "linux.sysctl",
                Map.of("net.ipv4.ip_unprivileged_port_start", "7", "kernel.msgmax", "7777"));

        assertThat(host.run(spec).output()).isEqualTo("7\n7777\n");
    }

    /// The namespace has to be made in the container's cgroups: else it would begin at the shim's.
    @Test
    void areCgroupsThatBeginAtTheContainersOwn() throws Exception {
        assertThat(host.run(TestHost.spec("cat", "/proc/self/cgroup")).output().lines())
                .isNotEmpty()
                .allMatch(line -> line.endsWith(":/"));
    }

    private static boolean mayRaise() throws Exception {
        return (Long.parseUnsignedLong(ownCapabilities(), 16) & 1L << 24) != 0;
    }

    private static String ownCapabilities() throws Exception {
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("CapPrm:"))
                .map(line -> line.substring("CapPrm:\t".length()))
                .findFirst()
                .orElseThrow();
    }

    private static String hardLimit(String name) throws Exception {
        return Files.readAllLines(Path.of("/proc/self/limits")).stream()
                .filter(line -> line.startsWith(name))
                .map(line -> line.split(" {2,}", -1)[2])
                .findFirst()
                .orElseThrow();
    }
}
