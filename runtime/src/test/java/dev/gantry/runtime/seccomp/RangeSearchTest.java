package dev.gantry.runtime.seccomp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RangeSearchTest {
    private static final int ALLOW = 0x7FFF_0000;
    private static final int EPERM = 0x0005_0001;

    @Test
    void makesOneRangeOfNeighboursWithOneAnswer() {
        BpfProgram program = new BpfProgram().load(NumberRanges.NUMBER);
        IntStream.range(10, 300)
                .forEach(number -> program.unlessEqualSkip(number, 1).give(ALLOW));
        List<Instruction> original = program.give(EPERM).instructions();
        List<Instruction> result = RangeSearch.of(original);

        assertThat(result).hasSizeLessThan(8);
        assertEqual(original, result, 400);
    }

    @Test
    void leavesWhatItCannotFollow() {
        List<Instruction> calculates = List.of(
                Instruction.load(NumberRanges.NUMBER),
                new Instruction(0x54, 0, 0, 0xFF),
                new Instruction(Instruction.IF_EQUAL, 0, 1, 7),
                Instruction.give(ALLOW),
                Instruction.give(EPERM));

        assertThat(RangeSearch.of(calculates)).isSameAs(calculates);
    }

    /// Programs of all that filters do with architecture, number and arguments, in blocks that start with a load.
    @ParameterizedTest
    @ValueSource(ints = {4, 20, 100, 400})
    void answersAsTheOriginalDoes(int blocks) {
        for (int seed = 0; seed < 50; seed++) {
            List<Instruction> program = program(new Random(seed), blocks);
            List<Instruction> result = RangeSearch.of(program);
            assertThat(NumberRanges.of(program)).as("seed %d", seed).isPresent();
            assertThat(result).as("seed %d", seed).hasSizeLessThanOrEqualTo(program.size());
            assertEqual(program, result, 40);
        }
    }

    private static List<Instruction> program(Random random, int blocks) {
        int[] starts = new int[blocks + 1];
        for (int i = 0; i < blocks; i++) {
            starts[i + 1] = starts[i] + 2 + random.nextInt(5);
        }
        List<Instruction> program = new ArrayList<>();
        for (int i = 0; i < blocks; i++) {
            int load = List.of(NumberRanges.NUMBER, NumberRanges.NUMBER, NumberRanges.ARCHITECTURE, 16, 20)
                    .get(random.nextInt(5));
            program.add(Instruction.load(load));
            while (program.size() < starts[i + 1] - 1) {
                program.add(comparison(
                        random,
                        load,
                        skip(random, starts, i, program.size()),
                        skip(random, starts, i, program.size())));
            }
            boolean ends = random.nextInt(4) == 0;
            program.add(
                    ends
                            ? Instruction.give(EPERM + random.nextInt(3))
                            : Instruction.jump(skip(random, starts, i, program.size())));
        }
        program.add(Instruction.give(ALLOW));
        return program;
    }

    /// From an instruction at `at` in a block to a later one.
    private static int skip(Random random, int[] starts, int block, int at) {
        int later = block + 1 + random.nextInt(Math.min(30, starts.length - block - 1));
        return starts[later] - at - 1;
    }

    private static Instruction comparison(Random random, int load, int skip, int other) {
        boolean goesOn = random.nextBoolean();
        int yes = goesOn ? 0 : skip;
        int no = goesOn ? other : 0;
        int number = random.nextInt(40);
        return switch (load) {
            case NumberRanges.NUMBER ->
                switch (number % 4) {
                    case 0 -> new Instruction(Instruction.IF_GREATER, yes, no, number);
                    case 1 -> new Instruction(Instruction.IF_GREATER_OR_EQUAL, yes, no, number - 20);
                    case 2 -> new Instruction(Instruction.IF_BITS, yes, no, BpfMachine.X32_BIT);
                    default -> new Instruction(Instruction.IF_EQUAL, yes, no, number);
                };
            default -> new Instruction(Instruction.IF_EQUAL, yes, no, number % 3);
        };
    }

    private static void assertEqual(List<Instruction> first, List<Instruction> second, int numbers) {
        BpfMachine original = new BpfMachine(Instruction.bytes(first));
        BpfMachine translation = new BpfMachine(Instruction.bytes(second));
        List<Integer> all = Stream.of(0, BpfMachine.X32_BIT, Integer.MIN_VALUE, -numbers)
                .flatMap(base -> IntStream.range(0, numbers).mapToObj(number -> base + number))
                .toList();
        for (int architecture = 0; architecture < 4; architecture++) {
            for (int number : all) {
                for (long argument = 0; argument < 4; argument++) {
                    assertThat(translation.answer(architecture, number, argument | (argument / 2) << 32))
                            .as("architecture %d, number %d, argument %d", architecture, number, argument)
                            .isEqualTo(original.answer(architecture, number, argument | (argument / 2) << 32));
                }
            }
        }
    }
}
