package dev.gantry.engine.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gantry.engine.EngineException;
import dev.gantry.engine.config.ConfigJson;
import dev.gantry.engine.config.ContainerConfig;
import dev.gantry.engine.config.HostConfig;
import dev.gantry.oci.MalformedException;
import dev.gantry.oci.image.Execution;
import dev.gantry.oci.runtime.Mount;
import dev.gantry.oci.runtime.Namespace;
import dev.gantry.oci.runtime.Rlimit;
import dev.gantry.oci.runtime.Seccomp;
import dev.gantry.oci.runtime.Spec;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SpecBuilderTest {
    private static final Seccomp FILTER =
            new Seccomp(Seccomp.Action.SCMP_ACT_ERRNO, 1, List.of(), List.of(), null, null, List.of());
    private static final HostFacts FACTS = new HostFacts(
            2,
            "0-1",
            "0",
            List.of(
                    "CAP_CHOWN",
                    "CAP_DAC_OVERRIDE",
                    "CAP_FSETID",
                    "CAP_FOWNER",
                    "CAP_MKNOD",
                    "CAP_NET_RAW",
                    "CAP_SETGID",
                    "CAP_SETUID",
                    "CAP_SETFCAP",
                    "CAP_SETPCAP",
                    "CAP_NET_BIND_SERVICE",
                    "CAP_SYS_CHROOT",
                    "CAP_KILL",
                    "CAP_AUDIT_WRITE",
                    "CAP_SYS_ADMIN",
                    "CAP_SYS_PTRACE"),
            "",
            false,
            new SeccompSource() {
                @Override
                public Seccomp defaults(Set<String> capabilities) {
                    return FILTER;
                }

                @Override
                public Seccomp of(String profile, Set<String> capabilities) throws MalformedException {
                    throw new MalformedException("no profile");
                }
            });
    private static final Execution IMAGE = Execution.empty().toBuilder()
            .env(List.of("PATH=/bin", "LANG=C"))
            .cmd(List.of("sh"))
            .user("1000")
            .workingDir("/srv")
            .labels(Map.of("from", "image"))
            .stopSignal("SIGQUIT")
            .build();

    @Test
    void takesFromTheImageWhatIsNotAskedFor() {
        ContainerConfig config = config("{\"Env\":[\"LANG\",\"X=1\"],\"Labels\":{\"own\":\"1\"}}");

        assertThat(config.cmd()).containsExactly("sh");
        assertThat(config.user()).isEqualTo("1000");
        assertThat(config.workingDir()).isEqualTo("/srv");
        assertThat(config.stopSignal()).isEqualTo("SIGQUIT");
        assertThat(config.env()).containsExactly("PATH=/bin", "X=1");
        assertThat(config.labels()).isEqualTo(Map.of("from", "image", "own", "1"));
    }

    @Test
    void anEntrypointTakesTheImagesCommandAway() {
        assertThat(SpecBuilder.command(config("{\"Entrypoint\":[\"true\"]}"))).containsExactly("true");
        assertThat(SpecBuilder.command(config("{\"Entrypoint\":[\"echo\"],\"Cmd\":[\"a\"]}")))
                .containsExactly("echo", "a");
        assertThat(SpecBuilder.command(config("{\"Entrypoint\":\"\",\"Cmd\":\"ls\"}")))
                .containsExactly("ls");
    }

    @Test
    void writesDockersDefaults() {
        Spec spec = build("{}", "{}");

        assertThat(spec.process()).isNotNull();
        assertThat(spec.process().args()).containsExactly("sh");
        assertThat(spec.process().env()).containsExactly("PATH=/bin", "HOSTNAME=abc", "LANG=C", "HOME=/root");
        assertThat(spec.process().cwd()).isEqualTo("/srv");
        assertThat(spec.process().capabilities()).isNotNull();
        assertThat(spec.process().capabilities().effective()).isEqualTo(CapabilityNames.DEFAULTS);
        assertThat(spec.process().capabilities().inheritable()).isEmpty();
        assertThat(spec.hostname()).isEqualTo("abc");
        assertThat(spec.mounts())
                .extracting(Mount::destination)
                .containsExactly(
                        "/proc", "/dev", "/dev/pts", "/sys", "/sys/fs/cgroup", "/dev/mqueue", "/dev/shm", "/etc/hosts");
        assertThat(spec.linux()).isNotNull();
        assertThat(spec.linux().namespaces())
                .containsExactly(
                        Namespace.fresh(Namespace.Type.MOUNT),
                        Namespace.fresh(Namespace.Type.NETWORK),
                        Namespace.fresh(Namespace.Type.UTS),
                        Namespace.fresh(Namespace.Type.PID),
                        Namespace.fresh(Namespace.Type.IPC),
                        Namespace.fresh(Namespace.Type.CGROUP));
        assertThat(spec.linux().seccomp()).isEqualTo(FILTER);
        assertThat(spec.linux().maskedPaths()).contains("/proc/kcore");
        assertThat(spec.linux().readonlyPaths()).contains("/proc/sys");
        assertThat(spec.linux().cgroupsPath()).isNull();
    }

    @Test
    void allowsNothingThatARuntimeAddsForAll() {
        Spec spec = build("{}", "{}");

        // runc on cgroup v1 refuses a rule that takes away part of an earlier one
        assertThat(spec.linux().resources().devices()).noneMatch(rule -> rule.allow() && rule.major() == null);
    }

    @Test
    void translatesLimits() {
        Spec spec = build("{}", """
                {"Memory":8388608,"NanoCpus":1500000000,"CpuShares":512,"CpusetCpus":"0-1","PidsLimit":7,
                 "Ulimits":[{"Name":"nofile","Soft":10,"Hard":20}],"OomScoreAdj":5,"CgroupParent":"/x",
                 "Sysctls":{"net.core.somaxconn":"9"}}
                """);

        var resources = spec.linux().resources();
        assertThat(resources.memory().limit()).isEqualTo(8388608);
        assertThat(resources.memory().swap()).isEqualTo(2 * 8388608);
        assertThat(resources.cpu().quota()).isEqualTo(150_000);
        assertThat(resources.cpu().period()).isEqualTo(100_000);
        assertThat(resources.cpu().shares()).isEqualTo(512);
        assertThat(resources.cpu().cpus()).isEqualTo("0-1");
        assertThat(resources.pids().limit()).isEqualTo(7);
        assertThat(spec.process().rlimits()).containsExactly(new Rlimit("RLIMIT_NOFILE", 20, 10));
        assertThat(spec.process().oomScoreAdj()).isEqualTo(5);
        assertThat(spec.linux().cgroupsPath()).isEqualTo("/x/abc");
        assertThat(spec.linux().sysctl()).containsEntry("net.core.somaxconn", "9");
    }

    @Test
    void sharesTheHostsNamespaces() {
        Spec spec = build(
                "{}",
                "{\"PidMode\":\"host\",\"IpcMode\":\"host\",\"UTSMode\":\"host\",\"NetworkMode\":\"host\",\"CgroupnsMode\":\"host\"}");

        assertThat(spec.linux().namespaces()).containsExactly(Namespace.fresh(Namespace.Type.MOUNT));
        assertThat(spec.hostname()).isNull();
        assertThat(spec.linux().sysctl()).isEmpty();
        assertThat(spec.mounts())
                .filteredOn(mount -> mount.destination().equals("/dev/shm"))
                .extracting(Mount::source)
                .containsExactly("/dev/shm");
    }

    @Test
    void privilegedMeansEverything() {
        Spec spec = build("{}", "{\"Privileged\":true}");

        assertThat(spec.process().capabilities().bounding()).isEqualTo(FACTS.capabilities());
        assertThat(spec.linux().seccomp()).isNull();
        assertThat(spec.linux().maskedPaths()).isEmpty();
        assertThat(spec.linux().readonlyPaths()).isEmpty();
        assertThat(spec.linux().devices()).extracting("path").contains("/dev/null");
    }

    @Test
    void privilegedHasDevicesInOtherPlacesToo() {
        String devices = """
                {"Privileged": true, "Devices": [{"PathOnHost": "/dev/null", "PathInContainer": "/dev/foo"},
                 {"PathOnHost": "/dev/zero", "PathInContainer": "/dev/zero"}]}""";

        assertThat(build("{}", devices).linux().devices())
                .extracting("path")
                .contains("/dev/foo")
                .containsOnlyOnce("/dev/zero");
    }

    // CVE-2022-24769: inheritable capabilities stay empty, and another user than root gets no effective ones
    @Test
    void anotherUserThanRootHasOnlyTheBoundingSet() {
        var capabilities = SpecBuilder.capabilities(CapabilityNames.DEFAULTS, false);

        assertThat(capabilities.bounding()).isEqualTo(CapabilityNames.DEFAULTS);
        assertThat(capabilities.effective()).isEmpty();
        assertThat(capabilities.permitted()).isEmpty();
        assertThat(capabilities.inheritable()).isEmpty();
        assertThat(capabilities.ambient()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"CapAdd\":[\"sys_admin\"],\"CapDrop\":[\"chown\"]}|CAP_SYS_ADMIN|CAP_CHOWN",
                "{\"CapAdd\":[\"ALL\"],\"CapDrop\":[\"CAP_KILL\"]}|CAP_SYS_PTRACE|CAP_KILL",
                "{\"CapAdd\":[\"CHOWN\"],\"CapDrop\":[\"all\"]}|CAP_CHOWN|CAP_KILL",
                "{\"CapAdd\":[\"CHOWN\"],\"CapDrop\":[\"CHOWN\",\"KILL\"]}|CAP_CHOWN|CAP_KILL"
            })
    void addsAndDropsCapabilities(String host, String with, String without) {
        var capabilities = build("{}", host).process().capabilities().bounding();

        assertThat(capabilities).contains(with).doesNotContain(without);
    }

    @Test
    void aMountOfTheUserReplacesTheDefaultOne() {
        var shm = new Mount("/dev/shm", "tmpfs", "tmpfs", List.of("size=1m"));
        Spec spec = new SpecBuilder(FACTS).build(input("{}", "{\"ReadonlyRootfs\":true}", List.of(shm)));

        assertThat(spec.mounts())
                .filteredOn(mount -> mount.destination().equals("/dev/shm"))
                .containsExactly(shm);
        assertThat(spec.root().readonly()).isTrue();
        assertThat(spec.mounts())
                .filteredOn(mount -> mount.destination().equals("/etc/hosts"))
                .allSatisfy(mount -> assertThat(mount.options()).contains("ro"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{}|{\"Memory\":1000}|Minimum memory limit allowed is 6MB",
                "{}|{\"Memory\":8388608,\"MemorySwap\":7000000}|Minimum memoryswap limit should be larger than memory"
                        + " limit, see usage",
                "{}|{\"NanoCpus\":9000000000}|range of CPUs is from 0.01 to 2.00, as there are only 2 CPUs available",
                "{}|{\"CpusetCpus\":\"7\"}|Requested CPUs are not available - requested 7, available: 0-1",
                "{}|{\"CapAdd\":[\"FOO\"]}|invalid CapAdd: unknown capability: \"CAP_FOO\"",
                "{}|{\"SecurityOpt\":[\"seccomp={}\"]}|Decoding seccomp profile failed: no profile",
                "{}|{\"SecurityOpt\":[\"foo\"]}|invalid --security-opt 1: \"foo\"",
                "{}|{\"Sysctls\":{\"vm.swappiness\":\"1\"}}|sysctl \"vm.swappiness\" is not in a separate kernel"
                        + " namespace",
                "{}|{\"OomScoreAdj\":2000}|Invalid value 2000, range for oom score adj is [-1000, 1000]",
                "{}|{\"RestartPolicy\":{\"Name\":\"always\"},\"AutoRemove\":true}|can't create 'AutoRemove' container"
                        + " with restart policy",
                "{}|{\"Runtime\":\"none-such\"}|unknown or invalid runtime name: none-such",
                "{\"WorkingDir\":\"a b\"}|{}|the working directory 'a b' is invalid, it needs to be an absolute path"
            })
    void refusesWithDockersTexts(String config, String host, String message) {
        assertThatThrownBy(() -> check(config, host))
                .isInstanceOf(EngineException.Invalid.class)
                .hasMessage(message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"PortBindings\":{\"80/tcp\":[{\"HostPort\":\"80\"}]}}|published ports",
                "{\"NetworkMode\":\"mine\"}|user-defined networks",
                "{\"StorageOpt\":{\"size\":\"1G\"}}|--storage-opt"
            })
    void refusesWhatIsNotThereYetInOneSentence(String host, String message) {
        assertThatThrownBy(() -> check("{}", host))
                .isInstanceOf(EngineException.Unsupported.class)
                .hasMessageStartingWith(message);
    }

    private static List<String> check(String config, String host) {
        return new Validation(FACTS).check(config(config), host(host), null);
    }

    private static ContainerConfig config(String json) {
        return Defaults.container(ConfigJson.mapper().readValue(json, ContainerConfig.class), IMAGE, "abc");
    }

    private static HostConfig host(String json) {
        return Defaults.host(ConfigJson.mapper().readValue(json, HostConfig.class), Map.of(), false);
    }

    private static Spec build(String config, String host) {
        return new SpecBuilder(FACTS).build(input(config, host, List.of()));
    }

    private static LaunchInput input(String config, String host, List<Mount> mounts) {
        return new LaunchInput(
                "abc",
                config(config),
                host(host),
                new Identity(0, 0, List.of(), "/root"),
                mounts,
                Map.of("/etc/hosts", "/data/hosts"),
                Map.of(),
                Map.of());
    }

    @Test
    void warnsOfWhatCgroupVersion2DoesNotHave() {
        var facts = new HostFacts(2, "0-1", "0", FACTS.capabilities(), "", true, FACTS.seccomp());
        HostConfig asked = host("{\"Memory\":67108864,\"MemorySwappiness\":10,\"OomKillDisable\":true}");

        assertThat(new Validation(facts).check(config("{}"), asked, null))
                .contains(
                        "Your kernel does not support memory swappiness capabilities or the cgroup is not mounted."
                                + " Memory swappiness discarded.",
                        "Your kernel does not support OomKillDisable. OomKillDisable discarded.");
        assertThat(new Validation(FACTS).check(config("{}"), asked, null))
                .noneMatch(each -> each.contains("discarded"));
    }
}
