package dev.gantry.runtime.program.encode;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.runtime.program.Architecture;
import dev.gantry.runtime.program.Condition;
import dev.gantry.runtime.program.ExecutableFile;
import dev.gantry.runtime.program.Label;
import dev.gantry.runtime.program.Operand;
import dev.gantry.runtime.program.Operation;
import dev.gantry.runtime.program.ProgramBuilder;
import dev.gantry.runtime.program.Section;
import dev.gantry.runtime.program.Slot;
import dev.gantry.runtime.program.Syscall;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Runs random computations on both architectures (aarch64 under qemu-user) and compares them with Java's.
class ComputationIT {
    private static final int SEEDS = 4;

    private final ProgramBuilder b = new ProgramBuilder(ExecutableFile.REPORT);
    private final List<Long> expected = new ArrayList<>();
    private final List<Slot> results = new ArrayList<>();

    /// A failure is repeated by its seed, which is in the test's name.
    static Stream<Arguments> seeds() {
        return Stream.of(Architecture.values())
                .flatMap(architecture ->
                        Stream.iterate(1, seed -> seed + 1).limit(SEEDS).map(seed -> Arguments.of(architecture, seed)));
    }

    record Sum(Operation operation, long left, long right, int width, boolean fromSlot) {}

    record Comparison(Condition condition, long left, long right) {}

    @ParameterizedTest
    @MethodSource("seeds")
    void loadsNumbersOfEveryMagnitude(Architecture architecture, int seed) throws Exception {
        Random random = new Random(seed);
        for (int i = 0; i < 200; i++) {
            long each = number(random);
            Slot slot = result(each);
            b.move(slot, Operand.of(each));
        }
        check(architecture);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void computesAsJavaDoes(Architecture architecture, int seed) throws Exception {
        Random random = new Random(seed);
        for (int i = 0; i < 150; i++) {
            Sum each = new Sum(
                    oneOf(random, Operation.values()),
                    number(random),
                    number(random),
                    1 << random.nextInt(4),
                    random.nextBoolean());
            long left = truncate(each.left, each.width);
            long value = truncate(compute(each.operation, left, each.right), each.width);
            Slot wide = result(value);
            Slot target = b.buffer("target", 8).field("target", 0, each.width);
            b.move(target, Operand.of(each.left));
            Operand right = Operand.of(each.right);
            if (each.fromSlot) {
                Slot source = b.slot("source");
                b.move(source, right);
                right = source;
            }
            b.compute(target, each.operation, right);
            b.move(wide, target);
        }
        check(architecture);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void jumpsAsJavaCompares(Architecture architecture, int seed) throws Exception {
        Random random = new Random(seed);
        for (int i = 0; i < 150; i++) {
            Comparison each = new Comparison(oneOf(random, Condition.values()), number(random), number(random));
            Slot taken = result(holds(each) ? 1 : 0);
            Slot left = b.slot("left");
            Label target = b.label("target");
            b.move(left, Operand.of(each.left));
            b.move(taken, Operand.of(1));
            b.jumpIf(left, each.condition, Operand.of(each.right), target);
            b.move(taken, Operand.of(0));
            b.place(target);
        }
        check(architecture);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void jumpsAcrossAnyDistanceAndSection(Architecture architecture, int seed) throws Exception {
        Random random = new Random(seed);
        // none at all, and as far as the biggest program
        int distance = seed == 1 ? 0 : seed == 2 ? 60_000 : random.nextInt(60_000);
        boolean resident = seed % 2 == 0;
        Slot mark = result(3);
        Label over = b.label("over");
        Label back = b.label("back");
        Label end = b.label("end");
        b.jump(over);
        b.place(back);
        b.compute(mark, Operation.OR, Operand.of(2));
        b.jump(end);
        for (int i = 0; i < distance; i++) {
            b.compute(mark, Operation.ADD, Operand.of(100));
        }
        if (resident) {
            b.section(Section.RESIDENT);
        }
        b.place(over);
        b.compute(mark, Operation.OR, Operand.of(1));
        b.jumpIf(mark, Condition.EQUAL, Operand.of(1), back);
        b.place(end);
        check(architecture);
    }

    private static <T> T oneOf(Random random, T[] values) {
        return values[random.nextInt(values.length)];
    }

    /// Edges of the encodings, any number, and small ones.
    private static long number(Random random) {
        long power = 1L << random.nextInt(64);
        return switch (random.nextInt(6)) {
            case 0 -> power;
            case 1 -> power - 1;
            case 2 -> -power;
            case 3 -> ~power;
            case 4 -> random.nextLong();
            default -> random.nextInt(11) - 5L;
        };
    }

    private static long truncate(long value, int width) {
        return switch (width) {
            case 1 -> value & 0xff;
            case 2 -> value & 0xffff;
            case 4 -> (int) value;
            default -> value;
        };
    }

    private static long compute(Operation operation, long left, long right) {
        return switch (operation) {
            case MOVE -> right;
            case ADD -> left + right;
            case SUBTRACT -> left - right;
            case AND -> left & right;
            case OR -> left | right;
            case SHIFT_LEFT -> left << right;
            case SHIFT_RIGHT -> left >>> right;
        };
    }

    private static boolean holds(Comparison comparison) {
        long left = comparison.left;
        long right = comparison.right;
        return switch (comparison.condition) {
            case EQUAL -> left == right;
            case NOT_EQUAL -> left != right;
            case LESS -> left < right;
            case GREATER_OR_EQUAL -> left >= right;
            case ANY_BIT -> (left & right) != 0;
            case NO_BIT -> (left & right) == 0;
        };
    }

    private Slot result(long value) {
        expected.add(value);
        Slot slot = b.slot("result");
        results.add(slot);
        return slot;
    }

    private void check(Architecture architecture) throws Exception {
        for (Slot each : results) {
            b.call(Syscall.WRITE, Operand.of(1), b.addressOf(each), Operand.of(8));
        }
        b.exit(Operand.of(0));
        try (ExecutableFile file = ExecutableFile.of(b.build(), architecture)) {
            ByteBuffer output = file.run("").output();
            var actual = new ArrayList<Long>();
            while (output.hasRemaining()) {
                actual.add(output.getLong());
            }
            assertThat(actual).isEqualTo(expected);
        }
    }
}
