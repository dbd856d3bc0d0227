package dev.gantry.runtime.seccomp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.gantry.kernel.seccomp.SeccompLibrary;
import dev.gantry.oci.runtime.Seccomp;
import dev.gantry.oci.runtime.Seccomp.Argument;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Docker's default profile, compiled, against its own rules: every number of every architecture.
class DefaultProfileIT {
    private static final int LAST = 600;
    private static final int EPERM = 0x0005_0001;
    private static final int ENOSYS = 0x0005_0026;
    /// Values at which some rule of the profile changes its mind: address families, personalities, flags of clone.
    private static final long[] ARGUMENTS = {
        0, 1, 2, 8, 37, 38, 39, 40, 41, 0x20000, 0x20008, 17, 0x1000_0000, 0x7E02_0000, 0xFFFF_FFFFL, 0x0100_0000
    };

    /// @param architecture the kernel's number
    /// @param token libseccomp's number
    private record Abi(String name, int architecture, int token, int firstNumber) {}

    private SeccompLibrary library;

    @BeforeEach
    void loadLibrary() throws Exception {
        assumeTrue("amd64".equals(System.getProperty("os.arch")), "host: it is not x86-64");
        library = SeccompLibrary.load();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "CAP_SYS_CHROOT", "CAP_SYS_ADMIN", "CAP_SYS_ADMIN CAP_SYS_PTRACE CAP_SYS_NICE CAP_BPF"})
    void answersForEveryCallAsItsRulesSay(String capabilities) throws Exception {
        Seccomp profile = SeccompProfile.defaults().resolve(Set.of(capabilities.split(" ", -1)), "amd64", "6.1.0");
        BpfMachine machine =
                new BpfMachine(new SeccompFilters().compile(profile).program());
        for (Abi abi : abis()) {
            Map<Integer, List<Seccomp.Syscall>> rules = rules(profile, abi);
            int largest =
                    rules.keySet().stream().mapToInt(Integer::intValue).max().orElseThrow();
            List<String> wrong = new ArrayList<>();
            for (int number = abi.firstNumber(); number <= abi.firstNumber() + LAST; number++) {
                for (long argument : ARGUMENTS) {
                    int expected = expected(rules.getOrDefault(number, List.of()), argument, number > largest);
                    int actual = machine.answer(abi.architecture(), number, argument);
                    if (actual != expected) {
                        wrong.add(number + "(" + argument + "): " + Integer.toHexString(actual));
                    }
                }
            }
            assertThat(wrong).as(abi.name()).isEmpty();
        }
    }

    @Test
    void knowsTheCallsOfTodaysProgramsOnEveryArchitecture() throws Exception {
        Seccomp profile = SeccompProfile.defaults().resolve(Set.of(), "amd64", "6.1.0");
        for (Abi abi : abis()) {
            assertThat(rules(profile, abi).size()).as(abi.name()).isGreaterThan(280);
        }
    }

    @Test
    void fitsIntoTheKernelManyTimes() throws Exception {
        Seccomp profile = SeccompProfile.defaults().resolve(Set.of(), "amd64", "6.1.0");

        int instructions = new SeccompFilters().compile(profile).program().length / Instruction.SIZE;

        // the kernel's limit for all filters of a process is 32768 instructions: containers in containers
        assertThat(instructions).isBetween(200, 500);
    }

    private List<Abi> abis() {
        return List.of(
                new Abi("x86_64", BpfMachine.X86_64, token("x86_64"), 0),
                new Abi("x86", BpfMachine.I386, token("x86"), 0),
                new Abi("x32", BpfMachine.X86_64, token("x32"), BpfMachine.X32_BIT));
    }

    private int token(String name) {
        return library.architecture(name).orElseThrow();
    }

    private Map<Integer, List<Seccomp.Syscall>> rules(Seccomp profile, Abi abi) {
        Map<Integer, List<Seccomp.Syscall>> rules = new HashMap<>();
        for (Seccomp.Syscall rule : profile.syscalls()) {
            for (String name : rule.names()) {
                number(abi, name)
                        .ifPresent(number -> rules.computeIfAbsent(number, _ -> new ArrayList<>())
                                .add(rule));
            }
        }
        return rules;
    }

    private OptionalInt number(Abi abi, String call) {
        OptionalInt direct = abi.name().equals("x86") ? Multiplexer.direct(call) : OptionalInt.empty();
        return direct.isPresent() ? direct : library.number(abi.token(), call);
    }

    private static int expected(List<Seccomp.Syscall> rules, long first, boolean newer) throws Exception {
        for (Seccomp.Syscall rule : rules) {
            if (rule.args().stream().allMatch(argument -> holds(argument, argument.index() == 0 ? first : 0))) {
                return RuleTranslation.action(rule.action(), rule.errnoRet());
            }
        }
        return newer ? ENOSYS : EPERM;
    }

    private static boolean holds(Argument argument, long actual) {
        int order = Long.compareUnsigned(actual, argument.value());
        return switch (argument.op()) {
            case SCMP_CMP_NE -> order != 0;
            case SCMP_CMP_LT -> order < 0;
            case SCMP_CMP_LE -> order <= 0;
            case SCMP_CMP_EQ -> order == 0;
            case SCMP_CMP_GE -> order >= 0;
            case SCMP_CMP_GT -> order > 0;
            case SCMP_CMP_MASKED_EQ -> (actual & argument.value()) == argument.valueTwo();
        };
    }
}
