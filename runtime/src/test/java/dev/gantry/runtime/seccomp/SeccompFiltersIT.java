package dev.gantry.runtime.seccomp;

import static dev.gantry.runtime.seccomp.BpfMachine.AARCH64;
import static dev.gantry.runtime.seccomp.BpfMachine.ARM;
import static dev.gantry.runtime.seccomp.BpfMachine.I386;
import static dev.gantry.runtime.seccomp.BpfMachine.X32_BIT;
import static dev.gantry.runtime.seccomp.BpfMachine.X86_64;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.gantry.oci.runtime.Seccomp;
import dev.gantry.oci.runtime.Seccomp.Action;
import dev.gantry.oci.runtime.Seccomp.Argument;
import dev.gantry.oci.runtime.Seccomp.Operator;
import dev.gantry.runtime.launch.ProcessPlan;
import dev.gantry.runtime.launch.RefusedException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Compiled filters answer as their rules say. Needs libseccomp, no privileges.
class SeccompFiltersIT {
    private static final int ALLOW = 0x7FFF_0000;
    private static final int EPERM = 0x0005_0001;
    private static final int ENOSYS = 0x0005_0026;
    private static final int KILL_THREAD = 0;
    private static final int GETPID = 39;
    private static final List<String> INTEL = List.of("SCMP_ARCH_X86_64", "SCMP_ARCH_X86", "SCMP_ARCH_X32");

    private final SeccompFilters filters = new SeccompFilters();

    @BeforeEach
    void needsAnIntelMachine() {
        assumeTrue("amd64".equals(System.getProperty("os.arch")), "host: it is not x86-64");
    }

    @ParameterizedTest
    @CsvSource({
        "SCMP_ACT_KILL,         , 00000000",
        "SCMP_ACT_KILL_THREAD,  , 00000000",
        "SCMP_ACT_KILL_PROCESS, , 80000000",
        "SCMP_ACT_TRAP,         , 00030000",
        "SCMP_ACT_ERRNO,        , 00050001",
        "SCMP_ACT_ERRNO,      38, 00050026",
        "SCMP_ACT_ERRNO,       0, 00050000",
        "SCMP_ACT_TRACE,        , 7ff00001",
        "SCMP_ACT_TRACE,     123, 7ff0007b",
        "SCMP_ACT_LOG,          , 7ffc0000"
    })
    void knowEveryAction(Action action, @Nullable Integer errno, String answer) throws Exception {
        BpfMachine machine = compile(Action.SCMP_ACT_ALLOW, rule(action, errno, "getpid"));

        assertThat(Integer.toHexString(machine.answer(X86_64, GETPID))).isEqualTo(answer.replaceFirst("^0+(?=.)", ""));
        assertThat(machine.answer(X86_64, GETPID + 1)).isEqualTo(ALLOW);
    }

    @Test
    void permitWhatTheDefaultForbids() throws Exception {
        BpfMachine machine = compile(Action.SCMP_ACT_ERRNO, rule(Action.SCMP_ACT_ALLOW, null, "getpid", "write"));

        assertThat(machine.answer(X86_64, GETPID)).isEqualTo(ALLOW);
        assertThat(machine.answer(X86_64, GETPID - 1)).isEqualTo(EPERM);
    }

    @ParameterizedTest
    @CsvSource({
        "SCMP_CMP_NE, 7, 0, 8, 7",
        "SCMP_CMP_LT, 7, 0, 6, 7",
        "SCMP_CMP_LE, 7, 0, 7, 8",
        "SCMP_CMP_EQ, 7, 0, 7, 4294967303",
        "SCMP_CMP_GE, 7, 0, 7, 6",
        "SCMP_CMP_GT, 7, 0, -1, 7",
        "SCMP_CMP_MASKED_EQ, 240, 32, 47, 16"
    })
    void compareArgumentsUnsignedInAllTheirBits(Operator operator, long value, long two, long yes, long no)
            throws Exception {
        for (int index = 0; index < 6; index++) {
            BpfMachine machine = compile(
                    Action.SCMP_ACT_ERRNO,
                    ruleIf(new Argument(index, value, two, operator), Action.SCMP_ACT_ALLOW, "getpid"));
            long[] arguments = new long[6];
            arguments[index] = yes;
            assertThat(machine.answer(X86_64, GETPID, arguments)).isEqualTo(ALLOW);
            arguments[index] = no;
            assertThat(machine.answer(X86_64, GETPID, arguments)).isEqualTo(EPERM);
        }
    }

    @Test
    void wantAllComparisonsOfDifferentArguments() throws Exception {
        BpfMachine machine = compile(
                Action.SCMP_ACT_ERRNO,
                new Seccomp.Syscall(
                        List.of("getpid"),
                        Action.SCMP_ACT_ALLOW,
                        null,
                        List.of(equal(0, 1), equal(1, 2), equal(5, 3))));

        assertThat(machine.answer(X86_64, GETPID, 1, 2, 0, 0, 0, 3)).isEqualTo(ALLOW);
        assertThat(machine.answer(X86_64, GETPID, 1, 2, 0, 0, 0, 4)).isEqualTo(EPERM);
        assertThat(machine.answer(X86_64, GETPID, 1, 3, 0, 0, 0, 3)).isEqualTo(EPERM);
    }

    @Test
    void takeComparisonsOfOneArgumentAsAlternatives() throws Exception {
        BpfMachine machine = compile(
                Action.SCMP_ACT_ERRNO,
                new Seccomp.Syscall(List.of("getpid"), Action.SCMP_ACT_ALLOW, null, List.of(equal(0, 1), equal(0, 2))));

        assertThat(machine.answer(X86_64, GETPID, 1)).isEqualTo(ALLOW);
        assertThat(machine.answer(X86_64, GETPID, 2)).isEqualTo(ALLOW);
        assertThat(machine.answer(X86_64, GETPID, 3)).isEqualTo(EPERM);
    }

    @Test
    void skipNamesThatNobodyKnows() throws Exception {
        BpfMachine machine = compile(
                Action.SCMP_ACT_ERRNO, rule(Action.SCMP_ACT_ALLOW, null, "no_such_call", "read\0x", "", "getpid"));

        assertThat(machine.answer(X86_64, GETPID)).isEqualTo(ALLOW);
        assertThat(machine.answer(X86_64, 0)).as("read").isEqualTo(EPERM);
    }

    @Test
    void answerENOSYSForCallsNewerThanTheProfile() throws Exception {
        // openat2 437 on both, 437 with the bit on x32
        BpfMachine machine =
                compile(Action.SCMP_ACT_ERRNO, rule(Action.SCMP_ACT_ALLOW, null, "read", "openat2", "execve"));

        assertThat(machine.answer(X86_64, 437)).isEqualTo(ALLOW);
        assertThat(machine.answer(X86_64, 438)).isEqualTo(ENOSYS);
        assertThat(machine.answer(X86_64, 436)).isEqualTo(EPERM);
        assertThat(machine.answer(X86_64, -1)).isEqualTo(ENOSYS);
        assertThat(machine.answer(I386, 437)).isEqualTo(ALLOW);
        assertThat(machine.answer(I386, 438)).isEqualTo(ENOSYS);
        assertThat(machine.answer(I386, 436)).isEqualTo(EPERM);
        // execve is 520 on x32: the largest
        assertThat(machine.answer(X86_64, X32_BIT | 437)).isEqualTo(ALLOW);
        assertThat(machine.answer(X86_64, X32_BIT | 438)).isEqualTo(EPERM);
        assertThat(machine.answer(X86_64, X32_BIT | 521)).isEqualTo(ENOSYS);
    }

    @Test
    void answerENOSYSForNewerCallsAlsoWhereTheDefaultIsToKill() throws Exception {
        BpfMachine machine = compile(Action.SCMP_ACT_KILL, rule(Action.SCMP_ACT_ALLOW, null, "openat2"));

        assertThat(machine.answer(X86_64, 438)).isEqualTo(ENOSYS);
        assertThat(machine.answer(X86_64, 436)).isEqualTo(KILL_THREAD);
    }

    @Test
    void leaveNewerCallsAloneWhereTheDefaultPermits() throws Exception {
        BpfMachine machine = compile(Action.SCMP_ACT_ALLOW, rule(Action.SCMP_ACT_ERRNO, null, "read"));

        assertThat(machine.answer(X86_64, 438)).isEqualTo(ALLOW);
    }

    @Test
    void killForArchitecturesThatAreNotListed() throws Exception {
        Seccomp alone = seccomp(
                Action.SCMP_ACT_ALLOW,
                List.of("SCMP_ARCH_X86_64"),
                List.of(),
                rule(Action.SCMP_ACT_ERRNO, null, "getpid"));
        BpfMachine machine = new BpfMachine(filters.compile(alone).program());

        assertThat(machine.answer(X86_64, 0)).isEqualTo(ALLOW);
        assertThat(machine.answer(I386, 3)).isEqualTo(KILL_THREAD);
        assertThat(machine.answer(X86_64, X32_BIT)).isEqualTo(KILL_THREAD);
        assertThat(machine.answer(AARCH64, 63)).isEqualTo(KILL_THREAD);
    }

    @Test
    void coverArmOnItsMachines() throws Exception {
        Seccomp arm = seccomp(
                Action.SCMP_ACT_ERRNO,
                List.of("SCMP_ARCH_AARCH64", "SCMP_ARCH_ARM"),
                List.of(),
                rule(Action.SCMP_ACT_ALLOW, null, "openat2", "set_tls"));
        BpfMachine machine = new BpfMachine(filters.compile(arm).program());

        assertThat(machine.answer(AARCH64, 437)).isEqualTo(ALLOW);
        assertThat(machine.answer(AARCH64, 438)).isEqualTo(ENOSYS);
        assertThat(machine.answer(AARCH64, 222)).isEqualTo(EPERM);
        assertThat(machine.answer(ARM, 437)).isEqualTo(ALLOW);
        assertThat(machine.answer(ARM, 438)).isEqualTo(ENOSYS);
        assertThat(machine.answer(ARM, 0xF0005)).as("set_tls").isEqualTo(ALLOW);
        assertThat(machine.answer(ARM, 0xF0002)).as("cacheflush").isEqualTo(EPERM);
    }

    /// CVE-2026-123876 of podman: a rule about sockets that another way of making them walked around.
    @Test
    void letNoMultiplexerMakeTheSocketThatARuleForbids() throws Exception {
        Argument notVsock = new Argument(0, 40, 0, Operator.SCMP_CMP_NE);
        BpfMachine machine = compile(
                Action.SCMP_ACT_ERRNO,
                ruleIf(notVsock, Action.SCMP_ACT_ALLOW, "socket"),
                rule(Action.SCMP_ACT_ALLOW, null, "connect", "openat2"));

        assertThat(machine.answer(X86_64, 41, 2)).isEqualTo(ALLOW);
        assertThat(machine.answer(X86_64, 41, 40)).isEqualTo(EPERM);
        assertThat(machine.answer(X86_64, X32_BIT | 41, 40)).isEqualTo(EPERM);
        assertThat(machine.answer(I386, 359, 2)).isEqualTo(ALLOW);
        assertThat(machine.answer(I386, 359, 40)).isEqualTo(EPERM);
        assertThat(machine.answer(I386, 102, 1)).as("socketcall(SYS_SOCKET)").isEqualTo(EPERM);
        assertThat(machine.answer(I386, 102, 3)).as("socketcall(SYS_CONNECT)").isEqualTo(ALLOW);
        assertThat(machine.answer(I386, 102, 2)).as("socketcall(SYS_BIND)").isEqualTo(EPERM);
    }

    /// libseccomp gives no number of the direct call here, only that of the multiplexer.
    @Test
    void doNotTakeADirectCallForANewerOne() throws Exception {
        BpfMachine machine = compile(Action.SCMP_ACT_ERRNO, rule(Action.SCMP_ACT_ALLOW, null, "read", "sendmmsg"));

        assertThat(machine.answer(I386, 345)).as("sendmmsg").isEqualTo(ALLOW);
        assertThat(machine.answer(I386, 344)).isEqualTo(EPERM);
        assertThat(machine.answer(I386, 346)).isEqualTo(ENOSYS);
    }

    @Test
    void letNoMultiplexerMakeTheSemaphoreThatARuleForbids() throws Exception {
        BpfMachine machine = compile(
                Action.SCMP_ACT_ERRNO,
                ruleIf(equal(0, 0), Action.SCMP_ACT_ALLOW, "semget", "shmctl"),
                rule(Action.SCMP_ACT_ALLOW, null, "msgget", "openat2"));

        assertThat(machine.answer(I386, 117, 2)).as("ipc(SEMGET)").isEqualTo(EPERM);
        assertThat(machine.answer(I386, 117, 24)).as("ipc(SHMCTL)").isEqualTo(EPERM);
        assertThat(machine.answer(I386, 117, 13)).as("ipc(MSGGET)").isEqualTo(ALLOW);
    }

    @Test
    void keepTheMultiplexerThatTheProfilePermitsItself() throws Exception {
        BpfMachine machine = compile(
                Action.SCMP_ACT_ERRNO,
                ruleIf(equal(0, 2), Action.SCMP_ACT_ALLOW, "socket"),
                rule(Action.SCMP_ACT_ALLOW, null, "socketcall", "openat2"));

        assertThat(machine.answer(I386, 102, 1)).isEqualTo(ALLOW);
    }

    @ParameterizedTest
    @CsvSource({"SECCOMP_FILTER_FLAG_TSYNC, 0", "SECCOMP_FILTER_FLAG_LOG, 2", "SECCOMP_FILTER_FLAG_SPEC_ALLOW, 4"})
    void haveTheFlagsThatAreAskedFor(String flag, long value) throws Exception {
        assertThat(filters.compile(seccomp(Action.SCMP_ACT_ALLOW, INTEL, List.of(flag)))
                        .flags())
                .isEqualTo(value);
    }

    @Test
    void leaveSpeculationToTheProcessWithoutFlags() throws Exception {
        assertThat(filters.compile(seccomp(Action.SCMP_ACT_ALLOW, INTEL, List.of()))
                        .flags())
                .isEqualTo(4);
    }

    @Test
    void haveAListenerIfTheyNotify() throws Exception {
        ProcessPlan.Filter filter =
                filters.compile(notifying("/agent", "metadata", List.of("SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV")));

        assertThat(filter.flags()).isEqualTo(1 << 3 | 1 << 5);
        assertThat(filter.agent()).isEqualTo(new ProcessPlan.Agent("/agent", "metadata"));
        assertThat(filters.compile(seccomp(Action.SCMP_ACT_ALLOW, INTEL, List.of()))
                        .agent())
                .isNull();
    }

    private static Seccomp notifying(String path, String metadata, List<String> flags) {
        Seccomp.Syscall rule = rule(Action.SCMP_ACT_NOTIFY, null, "mkdir");
        return new Seccomp(Action.SCMP_ACT_ALLOW, null, INTEL, flags, path, metadata, List.of(rule));
    }

    @Test
    void areRefusedByNameForWhatCannotBeDone() {
        assertRefused("linux.seccomp.listenerPath is not set", rule(Action.SCMP_ACT_NOTIFY, null, "mount"));
        assertRefused("the write syscall", rule(Action.SCMP_ACT_NOTIFY, null, "write"));
        assertThatThrownBy(() -> filters.compile(seccomp(Action.SCMP_ACT_NOTIFY, INTEL, List.of())))
                .isInstanceOf(RefusedException.class)
                .hasMessage("SCMP_ACT_NOTIFY cannot be used as default action");
        assertThatThrownBy(() -> filters.compile(notifying(null, "metadata", List.of())))
                .isInstanceOf(RefusedException.class)
                .hasMessageStartingWith("linux.seccomp.listenerMetadata is set");
        assertRefused("errnoRet 4096", rule(Action.SCMP_ACT_ERRNO, 4096, "mount"));
        assertRefused("argument 6", ruleIf(equal(6, 0), Action.SCMP_ACT_ERRNO, "mount"));
        assertThatThrownBy(() -> filters.compile(seccomp(Action.SCMP_ACT_ALLOW, List.of("SCMP_ARCH_VAX"), List.of())))
                .isInstanceOf(RefusedException.class)
                .hasMessage("seccomp architecture \"SCMP_ARCH_VAX\" is not known to libseccomp");
        for (String flag : List.of("SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV", "SECCOMP_FILTER_FLAG_X")) {
            assertThatThrownBy(() -> filters.compile(seccomp(Action.SCMP_ACT_ALLOW, INTEL, List.of(flag))))
                    .isInstanceOf(RefusedException.class)
                    .hasMessageContaining(flag);
        }
    }

    @Test
    void areCompiledOnce() throws Exception {
        Seccomp first = seccomp(Action.SCMP_ACT_ERRNO, INTEL, List.of(), rule(Action.SCMP_ACT_ALLOW, null, "read"));
        Seccomp equal = seccomp(Action.SCMP_ACT_ERRNO, INTEL, List.of(), rule(Action.SCMP_ACT_ALLOW, null, "read"));

        assertThat(filters.compile(equal)).isSameAs(filters.compile(first));
    }

    private void assertRefused(String words, Seccomp.Syscall rule) {
        assertThatThrownBy(() -> compile(Action.SCMP_ACT_ALLOW, rule))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining(words);
    }

    private BpfMachine compile(Action defaultAction, Seccomp.Syscall... rules) throws Exception {
        return new BpfMachine(
                filters.compile(seccomp(defaultAction, INTEL, List.of(), rules)).program());
    }

    private static Seccomp seccomp(
            Action defaultAction, List<String> architectures, List<String> flags, Seccomp.Syscall... rules) {
        return new Seccomp(defaultAction, null, architectures, flags, null, null, List.of(rules));
    }

    private static Seccomp.Syscall rule(Action action, @Nullable Integer errno, String... names) {
        return new Seccomp.Syscall(List.of(names), action, errno, List.of());
    }

    private static Seccomp.Syscall ruleIf(Argument argument, Action action, String... names) {
        return new Seccomp.Syscall(List.of(names), action, null, List.of(argument));
    }

    private static Argument equal(int index, long value) {
        return new Argument(index, value, 0, Operator.SCMP_CMP_EQ);
    }
}
