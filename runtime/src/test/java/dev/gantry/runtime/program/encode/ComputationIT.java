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
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.BeforeTry;

/// Runs random computations on both architectures (aarch64 under qemu-user) and compares them with Java's.
class ComputationIT {
    private static final int TRIES = 8;

    private ProgramBuilder b = new ProgramBuilder(ExecutableFile.REPORT);
    private final List<Long> expected = new ArrayList<>();
    private final List<Slot> results = new ArrayList<>();

    record Sum(Operation operation, long left, long right, int width, boolean fromSlot) {}

    record Comparison(Condition condition, long left, long right) {}

    /// jqwik keeps one instance for all tries of a property.
    @BeforeTry
    void startAnew() {
        b = new ProgramBuilder(ExecutableFile.REPORT);
        expected.clear();
        results.clear();
    }

    @Property(tries = TRIES)
    void loadsNumbersOfEveryMagnitude(@ForAll("manyNumbers") List<Long> numbers, @ForAll Architecture architecture)
            throws Exception {
        for (long each : numbers) {
            Slot slot = result(each);
            b.move(slot, Operand.of(each));
        }
        check(architecture);
    }

    @Property(tries = TRIES)
    void computesAsJavaDoes(@ForAll("sums") List<Sum> sums, @ForAll Architecture architecture) throws Exception {
        for (Sum each : sums) {
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

    @Property(tries = TRIES)
    void jumpsAsJavaCompares(@ForAll("comparisons") List<Comparison> comparisons, @ForAll Architecture architecture)
            throws Exception {
        for (Comparison each : comparisons) {
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

    @Property(tries = TRIES)
    void jumpsAcrossAnyDistanceAndSection(
            @ForAll @IntRange(max = 60_000) int distance, @ForAll boolean resident, @ForAll Architecture architecture)
            throws Exception {
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

    @Provide
    Arbitrary<List<Long>> manyNumbers() {
        return numbers().list().ofSize(200);
    }

    @Provide
    Arbitrary<List<Sum>> sums() {
        return Combinators.combine(
                        Arbitraries.of(Operation.class),
                        numbers(),
                        numbers(),
                        Arbitraries.of(1, 2, 4, 8),
                        Arbitraries.of(true, false))
                .as(Sum::new)
                .list()
                .ofSize(150);
    }

    @Provide
    Arbitrary<List<Comparison>> comparisons() {
        return Combinators.combine(Arbitraries.of(Condition.class), numbers(), numbers())
                .as(Comparison::new)
                .list()
                .ofSize(150);
    }

    private static Arbitrary<Long> numbers() {
        Arbitrary<Long> powers = Arbitraries.integers().between(0, 63).map(bit -> 1L << bit);
        Arbitrary<Long> edges = powers.flatMap(power -> Arbitraries.of(power, power - 1, -power, ~power));
        return Arbitraries.oneOf(edges, Arbitraries.longs(), Arbitraries.longs().between(-5, 5));
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
