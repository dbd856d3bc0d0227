package dev.gantry.runtime.seccomp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.kernel.seccomp.FilterRules;
import dev.gantry.kernel.seccomp.SeccompLibrary;
import dev.gantry.oci.runtime.Seccomp;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Docker's profile, as libseccomp compiles it and as it is installed, call by call. Needs libseccomp, no privileges.
class RangeSearchIT {
    private static final int LATEST = 600;
    private static final int ARM_PRIVATE = 0x000F_0000;

    @ParameterizedTest
    @CsvSource({"amd64, ''", "amd64, CAP_SYS_ADMIN", "arm64, ''", "arm64, CAP_SYS_ADMIN"})
    void answersAsLibseccompsProgramDoes(String machine, String capabilities) throws Exception {
        SeccompLibrary library = SeccompLibrary.load();
        Seccomp profile = SeccompProfile.defaults()
                .resolve(Set.copyOf(capabilities.isEmpty() ? List.of() : List.of(capabilities)), machine, "6.18.0");
        FilterRules rules = RuleTranslation.of(profile, library);
        List<Instruction> original = new ArrayList<>(Prologue.of(rules, library));
        original.addAll(Instruction.parse(library.compile(rules)));

        List<Instruction> result = RangeSearch.of(original);

        assertThat(result.size()).as("of %d", original.size()).isLessThan(original.size() / 3);
        assertEqual(original, result);
    }

    private static void assertEqual(List<Instruction> first, List<Instruction> second) {
        BpfMachine original = new BpfMachine(Instruction.bytes(first));
        BpfMachine translation = new BpfMachine(Instruction.bytes(second));
        List<long[]> arguments = arguments(first);
        for (int architecture :
                List.of(BpfMachine.X86_64, BpfMachine.I386, BpfMachine.AARCH64, BpfMachine.ARM, 0, -1)) {
            for (int number : numbers()) {
                for (long[] each : arguments) {
                    assertThat(translation.answer(architecture, number, each))
                            .as("architecture %x, number %d, arguments %s", architecture, number, each)
                            .isEqualTo(original.answer(architecture, number, each));
                }
            }
        }
    }

    private static List<Integer> numbers() {
        return Stream.of(0, BpfMachine.X32_BIT, ARM_PRIVATE, Integer.MIN_VALUE, -1 - LATEST)
                .flatMap(base -> IntStream.rangeClosed(-1, LATEST).mapToObj(number -> base + number))
                .toList();
    }

    /// Every argument what some comparison is with, or just beside it.
    private static List<long[]> arguments(List<Instruction> program) {
        Set<Long> compared = new TreeSet<>();
        int loaded = -1;
        for (Instruction each : program) {
            if (each.operation() == Instruction.LOAD) {
                loaded = each.operand();
            } else if (each.compares() && loaded > NumberRanges.ARCHITECTURE) {
                long value = each.operand();
                compared.addAll(List.of(value - 1, value, value + 1, value << 32));
            }
        }
        long[] values = compared.stream().mapToLong(Long::longValue).toArray();
        Random random = new Random(1);
        return Stream.generate(() -> LongStream.generate(() -> values[random.nextInt(values.length)])
                        .limit(6)
                        .toArray())
                .limit(80)
                .toList();
    }
}
