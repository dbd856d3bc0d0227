package dev.gantry.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.gantry.oci.runtime.Capabilities;
import dev.gantry.oci.runtime.Linux;
import dev.gantry.oci.runtime.Process;
import dev.gantry.oci.runtime.Seccomp;
import dev.gantry.oci.runtime.Seccomp.Action;
import dev.gantry.oci.runtime.Spec;
import dev.gantry.oci.runtime.User;
import dev.gantry.runtime.TestHost.Ended;
import dev.gantry.runtime.seccomp.SeccompProfile;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Filters in real containers.
@Timeout(60)
class SeccompIT {
    private static final int EPERM = 1;
    private static final int ENOSYS = 38;
    private static final int SIGILL = 4;
    private static final int SIGSYS = 31;
    private static final int X32 = 0x4000_0000;
    private static final int NEW_USER_NAMESPACE = 0x1000_0000;
    private static final String DEFAULT_CAPABILITIES = "00000000a80425fb";

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

    @ParameterizedTest
    @CsvSource({"0, false", "0, true", "1000, false", "1000, true"})
    void filterEveryUserWithAndWithoutNewPrivileges(int uid, boolean noNewPrivileges) throws Exception {
        Ended ended = host.run(spec(uid, noNewPrivileges, defaults(), "cat", "/proc/1/status"));

        String none = "0".repeat(16);
        String capabilities = uid == 0 ? DEFAULT_CAPABILITIES : none;
        assertThat(ended.output().lines())
                .contains("Seccomp:\t2", "Seccomp_filters:\t1", "NoNewPrivs:\t" + (noNewPrivileges ? 1 : 0))
                .contains("CapPrm:\t" + capabilities, "CapEff:\t" + capabilities, "CapBnd:\t" + DEFAULT_CAPABILITIES)
                .contains("CapInh:\t" + none, "CapAmb:\t" + none);
    }

    /// Everything after the filter has to pass it, so that nothing follows but the command.
    @ParameterizedTest
    @CsvSource({"0, false", "0, true", "1000, false", "1000, true"})
    void startWithProfilesThatPermitTheCommandOnly(int uid, boolean noNewPrivileges) throws Exception {
        RawCall getpid = new RawCall(RawCall.Way.SYSCALL, 39, List.of());
        Seccomp.Syscall command =
                new Seccomp.Syscall(List.of("execve", "getpid", "exit"), Action.SCMP_ACT_ALLOW, null, List.of());
        Seccomp profile = seccomp(Action.SCMP_ACT_KILL_PROCESS, command);

        assertThat(host.run(spec(uid, noNewPrivileges, profile, install(getpid)))
                        .code())
                .isZero();
    }

    @ParameterizedTest
    @CsvSource({"0, false", "0, true", "1000, false", "1000, true"})
    void keepNoCapabilityOfTheSetUpThatTheProfileForbidsToDrop(int uid, boolean noNewPrivileges) throws Exception {
        List<String> denied = List.of("capset", "prctl", "seccomp", "setresuid", "setgroups", "close_range");
        Seccomp profile =
                seccomp(Action.SCMP_ACT_ALLOW, new Seccomp.Syscall(denied, Action.SCMP_ACT_ERRNO, null, List.of()));

        Ended ended = host.run(spec(uid, noNewPrivileges, profile, "cat", "/proc/self/status"));

        String capabilities = uid == 0 ? DEFAULT_CAPABILITIES : "0".repeat(16);
        assertThat(ended.output().lines())
                .contains("Seccomp:\t2", "CapPrm:\t" + capabilities, "CapEff:\t" + capabilities);
    }

    @Test
    void leaveContainersWithoutAFilterAlone() throws Exception {
        assertThat(host.run(spec(0, false, null, "cat", "/proc/1/status"))
                        .output()
                        .lines())
                .contains("Seccomp:\t0");
    }

    /// CVE-2026-123876 of podman: what is denied to `syscall` is denied to `int $0x80` and to x32 numbers.
    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "mount,           165,  21",
        "unshare,         272, 310",
        "keyctl,          250, 288",
        "add_key,         248, 286",
        "bpf,             321, 357",
        "setns,           308, 346",
        "perf_event_open, 298, 336",
        "userfaultfd,     323, 374",
        "fsopen,          430, 430",
        "reboot,          169,  88"
    })
    void denyToEveryWayIntoTheKernel(String name, int number, int numberOn32Bits) throws Exception {
        assertThat(errno(RawCall.Way.SYSCALL, number, NEW_USER_NAMESPACE))
                .as(name)
                .isEqualTo(EPERM);
        assertThat(errno(RawCall.Way.SYSCALL, X32 | number, NEW_USER_NAMESPACE))
                .as("x32 " + name)
                .isEqualTo(EPERM);
        assertThat(errno(RawCall.Way.INTERRUPT, numberOn32Bits, NEW_USER_NAMESPACE))
                .as("32-bit " + name)
                .isEqualTo(EPERM);
    }

    @Test
    void permitWhatThePermittedProgramsNeedFromEveryWayIntoTheKernel() throws Exception {
        assertThat(errno(RawCall.Way.SYSCALL, 39)).as("getpid").isZero();
        assertThat(errno(RawCall.Way.INTERRUPT, 20)).as("32-bit getpid").isZero();
    }

    @Test
    void denySocketsOfVirtualMachinesOnly() throws Exception {
        assertThat(errno(RawCall.Way.SYSCALL, 41, 1, 1, 0)).as("AF_UNIX").isZero();
        assertThat(errno(RawCall.Way.SYSCALL, 41, 40, 1, 0)).as("AF_VSOCK").isEqualTo(EPERM);
        assertThat(errno(RawCall.Way.SYSCALL, X32 | 41, 40, 1, 0))
                .as("AF_VSOCK, x32")
                .isEqualTo(EPERM);
        assertThat(errno(RawCall.Way.INTERRUPT, 359, 40, 1, 0))
                .as("AF_VSOCK, 32-bit")
                .isEqualTo(EPERM);
    }

    @Test
    void tellCLibrariesThatNewerCallsAreMissing() throws Exception {
        assertThat(errno(RawCall.Way.SYSCALL, 435)).as("clone3").isEqualTo(ENOSYS);
        assertThat(errno(RawCall.Way.SYSCALL, 471)).as("a newer call").isEqualTo(ENOSYS);
        assertThat(errno(RawCall.Way.INTERRUPT, 471)).as("a newer call, 32-bit").isEqualTo(ENOSYS);
    }

    @ParameterizedTest
    @CsvSource({
        "SCMP_ACT_ALLOW,        , 0",
        "SCMP_ACT_LOG,          , 0",
        "SCMP_ACT_ERRNO,        , 1",
        "SCMP_ACT_ERRNO,      13, 13",
        "SCMP_ACT_TRACE,        , 38", // nobody traces: ENOSYS, seccomp(2)
        "SCMP_ACT_TRAP,         , 159",
        "SCMP_ACT_KILL,         , 159",
        "SCMP_ACT_KILL_THREAD,  , 159",
        "SCMP_ACT_KILL_PROCESS, , 159"
    })
    void doWhatEachActionSays(Action action, @Nullable Integer errno, int code) throws Exception {
        // a permissive default: the command itself has to run; ALLOW is tested as exception to a rule
        Seccomp profile = action == Action.SCMP_ACT_ALLOW
                ? seccomp(Action.SCMP_ACT_LOG, rule(Action.SCMP_ACT_ALLOW, null))
                : seccomp(Action.SCMP_ACT_ALLOW, rule(action, errno));

        assertThat(code(new RawCall(RawCall.Way.SYSCALL, 39, List.of()), profile))
                .isEqualTo(code);
    }

    @Test
    void killProgramsOfAnotherArchitecture() throws Exception {
        Seccomp alone = new Seccomp(
                Action.SCMP_ACT_ALLOW,
                null,
                List.of("SCMP_ARCH_X86_64"),
                List.of(),
                null,
                null,
                List.of(rule(Action.SCMP_ACT_ERRNO, null)));

        assertThat(code(new RawCall(RawCall.Way.INTERRUPT, 20, List.of()), alone))
                .isEqualTo(128 + SIGSYS);
        assertThat(code(new RawCall(RawCall.Way.SYSCALL, X32 | 39, List.of()), alone))
                .isEqualTo(128 + SIGSYS);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void holdForWhatIsExecutedToo(boolean privileged) throws Exception {
        String keyctl = install(new RawCall(RawCall.Way.SYSCALL, 250, List.of()));
        RunningContainer container = host.start(spec(0, false, defaults(), "sleep", "1000"));
        try {
            Process process = TestHost.process(container, "sh", "-c", "cat /proc/self/status; exec " + keyctl);
            try (ContainerProcess executed = container.exec(new ExecLaunch(process, false, privileged))) {
                Ended ended = TestHost.end(executed);
                assertThat(ended.output().lines()).contains("Seccomp:\t2");
                assertThat(ended.code()).isEqualTo(EPERM);
            }
        } finally {
            TestHost.remove(container);
        }
    }

    @Test
    void areRefusedBeforeAnythingIsMade() throws IOException {
        Spec spec = spec(0, false, seccomp(Action.SCMP_ACT_ALLOW, rule(Action.SCMP_ACT_NOTIFY, null)), "sh");

        LaunchException failure = catchThrowableOfType(LaunchException.class, () -> host.run(spec));

        assertThat(failure).hasMessageContaining("linux.seccomp.listenerPath is not set");
        assertThat(failure.step()).isEqualTo("linux.seccomp.listenerPath");
        assertThat(host.leftBehind()).isEmpty();
    }

    /// The filter is in force when the command is executed: nothing could say that it was not.
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void areRefusedWhereNothingCouldBeExecutedNorSaid(boolean init) throws Exception {
        Seccomp nothing = new Seccomp(Action.SCMP_ACT_ERRNO, null, List.of(), List.of(), null, null, List.of());
        ContainerLaunch launch = host.launch(spec(0, false, nothing, "true"), init);

        LaunchException failure = catchThrowableOfType(LaunchException.class, () -> host.start(launch));

        assertThat(failure)
                .hasMessage("the seccomp profile denies both execve, which executes the command, and write, which"
                        + " would report that it was not executed");
        assertThat(failure.exitCode()).isEqualTo(LaunchException.SETUP);
        assertThat(failure.step()).isEqualTo("linux.seccomp");
    }

    /// What a profile denies under conditions is not foreseen.
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void endTheProcessThatMayNeitherExecuteNorReportNorExit(boolean init) throws Exception {
        Seccomp.Argument always = new Seccomp.Argument(0, 0, 0, Seccomp.Operator.SCMP_CMP_GE);
        List<String> denied = List.of("execve", "write", "exit_group");
        Seccomp profile = seccomp(
                Action.SCMP_ACT_ALLOW, new Seccomp.Syscall(denied, Action.SCMP_ACT_ERRNO, null, List.of(always)));

        assertThat(host.run(host.launch(spec(0, false, profile, "true"), init)).code())
                .isEqualTo(128 + SIGILL);
    }

    @Test
    void letTheProcessReportWhatItMayNotExecuteAlthoughItMayNotExit() throws Exception {
        List<String> denied = List.of("execve", "exit_group");
        Seccomp profile =
                seccomp(Action.SCMP_ACT_ALLOW, new Seccomp.Syscall(denied, Action.SCMP_ACT_ERRNO, 1, List.of()));

        LaunchException failure =
                catchThrowableOfType(LaunchException.class, () -> host.run(spec(0, false, profile, "true")));

        assertThat(failure).hasMessageContaining("operation not permitted");
    }

    private int errno(RawCall.Way way, int number, Integer... arguments) throws Exception {
        return code(new RawCall(way, number, List.of(arguments)), defaults());
    }

    private int code(RawCall call, Seccomp profile) throws Exception {
        return host.run(spec(0, false, profile, install(call))).code();
    }

    private String install(RawCall call) throws IOException {
        assumeTrue("amd64".equals(System.getProperty("os.arch")), "host: it is not x86-64");
        host.executable("bin/call", call.executable());
        return "/bin/call";
    }

    private static Seccomp defaults() throws IOException {
        Set<String> capabilities =
                new HashSet<>(TestHost.spec("true").process().capabilities().bounding());
        return SeccompProfile.defaults().resolve(capabilities);
    }

    private static Seccomp seccomp(Action defaultAction, Seccomp.Syscall rule) {
        List<String> architectures = List.of("SCMP_ARCH_X86_64", "SCMP_ARCH_X86", "SCMP_ARCH_X32");
        return new Seccomp(defaultAction, null, architectures, List.of(), null, null, List.of(rule));
    }

    private static Seccomp.Syscall rule(Action action, @Nullable Integer errno) {
        return new Seccomp.Syscall(List.of("getpid"), action, errno, List.of());
    }

    private static Spec spec(int uid, boolean noNewPrivileges, @Nullable Seccomp seccomp, String... command)
            throws IOException {
        Spec spec = TestHost.spec(command);
        Process given = spec.process();
        Capabilities capabilities = given.capabilities();
        Process process = new Process(
                false,
                null,
                new User(uid, uid, null, List.of(), null),
                given.args(),
                given.env(),
                given.cwd(),
                uid == 0
                        ? capabilities
                        : new Capabilities(capabilities.bounding(), List.of(), List.of(), List.of(), List.of()),
                given.rlimits(),
                noNewPrivileges,
                null,
                given.oomScoreAdj(),
                null,
                null,
                null,
                null);
        return spec.withProcess(process).withLinux(with(spec.linux(), seccomp));
    }

    private static Linux with(Linux linux, @Nullable Seccomp seccomp) {
        return new Linux(
                linux.uidMappings(),
                linux.gidMappings(),
                linux.sysctl(),
                linux.resources(),
                linux.cgroupsPath(),
                linux.namespaces(),
                linux.devices(),
                linux.netDevices(),
                seccomp,
                linux.rootfsPropagation(),
                linux.maskedPaths(),
                linux.readonlyPaths(),
                linux.mountLabel(),
                linux.intelRdt(),
                linux.memoryPolicy(),
                linux.personality(),
                linux.timeOffsets());
    }
}
