package dev.gantry.runtime.program.render;

import dev.gantry.runtime.program.Condition;
import dev.gantry.runtime.program.Instruction;
import dev.gantry.runtime.program.Item;
import dev.gantry.runtime.program.Operand;
import dev.gantry.runtime.program.Operation;
import dev.gantry.runtime.program.Program;
import dev.gantry.runtime.program.Slot;
import dev.gantry.runtime.program.Syscall;
import java.util.HashMap;
import java.util.Map;

/// What is known of a program's variables before it runs: numbers, and that a call which succeeds gives a positive one.
final class Values {
    static final Operand NO_DESCRIPTOR = Operand.of(-1);
    private static final long CLONE_VM = 0x100;
    private static final Value UNKNOWN = new Value(Kind.UNKNOWN, 0);
    private static final Value POSITIVE = new Value(Kind.POSITIVE, 0);
    private static final Value FORK = new Value(Kind.FORK, 0);
    private static final Value FORK_IN_SAME_MEMORY = new Value(Kind.FORK_IN_SAME_MEMORY, 0);

    private final Map<Integer, Value> values;

    private Values(Map<Integer, Value> values) {
        this.values = values;
    }

    /// Whether a condition holds.
    enum Truth {
        YES,
        NO,
        UNKNOWN
    }

    private enum Kind {
        NUMBER,
        POSITIVE,
        FORK,
        FORK_IN_SAME_MEMORY,
        UNKNOWN
    }

    private record Value(Kind kind, long number) {}

    /// At a program's start: what it computes itself is zero, what the kernel fills is unknown.
    static Values of(Program program) {
        Map<Integer, Value> values = new HashMap<>();
        for (Instruction each : program.instructions()) {
            Slot own = switch (each) {
                case Instruction.Call call -> call.result();
                case Instruction.Compute compute -> compute.target();
                default -> null;
            };
            if (own != null) {
                values.put(own.address(), new Value(Kind.NUMBER, 0));
            }
        }
        return new Values(values);
    }

    Values copy() {
        return new Values(new HashMap<>(values));
    }

    private Value of(Operand operand) {
        return switch (operand) {
            case Operand.Immediate(long number) -> new Value(Kind.NUMBER, number);
            case Operand.Address _ -> POSITIVE;
            case Slot slot -> values.getOrDefault(slot.address(), UNKNOWN);
        };
    }

    /// After a call that has succeeded.
    void called(Instruction.Call call) {
        for (Operand each : call.arguments()) {
            if (each instanceof Operand.Address address && address.item() instanceof Item.Buffer buffer) {
                values.replaceAll((at, value) ->
                        at >= buffer.address() && at < buffer.address() + buffer.size() ? UNKNOWN : value);
            }
        }
        Slot result = call.result();
        if (result != null) {
            Value value = call.syscall() != Syscall.CLONE3 ? POSITIVE : sharesMemory(call) ? FORK_IN_SAME_MEMORY : FORK;
            values.put(result.address(), value);
        }
    }

    private static boolean sharesMemory(Instruction.Call clone) {
        return clone.arguments().getFirst() instanceof Operand.Address address
                && address.item() instanceof Item.Struct struct
                && struct.fields().getFirst() instanceof Operand.Immediate(long flags)
                && (flags & CLONE_VM) != 0;
    }

    void compute(Instruction.Compute compute) {
        Value operand = of(compute.operand());
        boolean move = compute.operation() == Operation.MOVE;
        values.put(compute.target().address(), move ? operand : UNKNOWN);
    }

    boolean isFork(Slot slot) {
        Kind kind = of(slot).kind();
        return kind == Kind.FORK || kind == Kind.FORK_IN_SAME_MEMORY;
    }

    /// Whether the child, in which `clone3` gave 0, is the one that jumps.
    static boolean childJumps(Instruction.JumpIf jump) {
        return jump.condition() == Condition.EQUAL;
    }

    /// The child's variables: its own, or the parent's with CLONE_VM.
    Values forChild(Slot result) {
        Values child = of(result).kind() == Kind.FORK_IN_SAME_MEMORY ? this : copy();
        child.values.put(result.address(), new Value(Kind.NUMBER, 0));
        return child;
    }

    void inParent(Slot result) {
        values.put(result.address(), POSITIVE);
    }

    Truth holds(Instruction.JumpIf jump) {
        Value left = of(jump.left());
        Value right = of(jump.right());
        if (right.kind() != Kind.NUMBER) {
            return Truth.UNKNOWN;
        }
        return switch (left.kind()) {
            case NUMBER -> compare(left.number(), jump.condition(), right.number()) ? Truth.YES : Truth.NO;
            case POSITIVE -> right.number() == 0 ? positive(jump.condition()) : Truth.UNKNOWN;
            case FORK, FORK_IN_SAME_MEMORY, UNKNOWN -> Truth.UNKNOWN;
        };
    }

    private static Truth positive(Condition toZero) {
        return switch (toZero) {
            case EQUAL, LESS, ANY_BIT -> Truth.NO;
            case NOT_EQUAL, GREATER_OR_EQUAL, NO_BIT -> Truth.YES;
        };
    }

    private static boolean compare(long left, Condition condition, long right) {
        return switch (condition) {
            case EQUAL -> left == right;
            case NOT_EQUAL -> left != right;
            case LESS -> left < right;
            case GREATER_OR_EQUAL -> left >= right;
            case ANY_BIT -> (left & right) != 0;
            case NO_BIT -> (left & right) == 0;
        };
    }
}
