package dev.gantry.runtime;

import dev.gantry.runtime.explain.Explanation;
import dev.gantry.runtime.program.Instruction;
import dev.gantry.runtime.program.Item;
import dev.gantry.runtime.program.Label;
import dev.gantry.runtime.program.OnError;
import dev.gantry.runtime.program.Operand;
import dev.gantry.runtime.program.Operation;
import dev.gantry.runtime.program.Program;
import dev.gantry.runtime.program.Slot;
import dev.gantry.runtime.program.Syscall;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Follows a program along the results that strace(1) saw, and demands that each call is the explained one.
final class Walk {
    private static final Pattern EXITED = Pattern.compile("WEXITSTATUS\\(s\\) == (\\d+)");
    private static final long OTHER_ERROR = -4000;
    private static final long HIGHEST_ERROR = -4095;

    private final List<Instruction> instructions;
    private final Map<Integer, Explanation.Step> steps;
    private final Trace trace;
    private final Set<Integer> seen;

    /// @param steps by the index of the program's call
    /// @param seen takes the indices of the calls that were made
    Walk(Program program, Map<Integer, Explanation.Step> steps, Trace trace, Set<Integer> seen) {
        this.instructions = program.instructions();
        this.steps = steps;
        this.trace = trace;
        this.seen = seen;
    }

    /// A process that runs the program: its memory as far as it is known, and the names that stand for values.
    ///
    /// @param process its name, once its first call has told it
    private record State(Map<Integer, Long> memory, Map<String, Long> values, AtomicReference<String> process) {
        State copy() {
            return new State(new HashMap<>(memory), new HashMap<>(values), new AtomicReference<>(process.get()));
        }

        State child(boolean sameMemory) {
            State child = sameMemory ? this : copy();
            return new State(child.memory, child.values, new AtomicReference<>());
        }

        Long of(Operand operand) {
            return switch (operand) {
                case Operand.Immediate(long number) -> Long.valueOf(number);
                case Operand.Address address -> Long.valueOf(address.absolute());
                case Slot slot -> memory.get(slot.address());
            };
        }
    }

    /// Compares the calls from the program's first one on.
    ///
    /// @throws AssertionError at the first that differs
    void follow(List<Trace.Line> lines) {
        State state = new State(new HashMap<>(), ExpectedLine.noValues(), new AtomicReference<>());
        for (Instruction each : instructions) {
            if (each instanceof Instruction.Compute compute) {
                state.memory().put(compute.target().address(), 0L);
            }
        }
        run(0, lines, 0, state);
    }

    private void run(int start, List<Trace.Line> lines, int firstLine, State state) {
        int line = firstLine;
        int at = start;
        while (at < instructions.size()) {
            switch (instructions.get(at)) {
                case Instruction.Call call -> {
                    at = call(call, at, lines, line, state);
                    line++;
                }
                case Instruction.Jump(Label target) -> at = place(target);
                case Instruction.JumpIf jump -> {
                    Boolean holds = holds(jump, state);
                    if (holds == null) {
                        either(jump, at, lines, line, state);
                        return;
                    }
                    at = holds ? place(jump.target()) : at + 1;
                }
                case Instruction.Compute compute -> {
                    state.memory().put(compute.target().address(), computed(compute, state));
                    at++;
                }
                case Instruction.Place _, Instruction.Enter _ -> at++;
            }
        }
    }

    private static Long computed(Instruction.Compute compute, State state) {
        Long operand = state.of(compute.operand());
        Long target = state.of(compute.target());
        if (compute.operation() == Operation.MOVE || operand == null || target == null) {
            return compute.operation() == Operation.MOVE ? operand : null;
        }
        return switch (compute.operation()) {
            case MOVE -> operand;
            case ADD -> Long.valueOf(target + operand);
            case SUBTRACT -> Long.valueOf(target - operand);
            case AND -> Long.valueOf(target & operand);
            case OR -> Long.valueOf(target | operand);
            case SHIFT_LEFT -> Long.valueOf(target << operand);
            case SHIFT_RIGHT -> Long.valueOf(target >>> operand);
        };
    }

    /// What the kernel wrote to the program's memory is not traced, so the next calls have to tell.
    private void either(Instruction.JumpIf jump, int at, List<Trace.Line> lines, int line, State state) {
        try {
            run(place(jump.target()), lines, line, state.copy());
        } catch (AssertionError notThere) {
            run(at + 1, lines, line, state);
        }
    }

    private int call(Instruction.Call call, int at, List<Trace.Line> lines, int index, State state) {
        Explanation.Step step = steps.get(call.index());
        if (step == null || index >= lines.size()) {
            throw new AssertionError(
                    call.step() + ": explained " + step + ", traced call " + index + " of " + lines.size());
        }
        Trace.Line line = lines.get(index);
        // the supervisor takes the pidfd of a process that has ended out of the array
        String first = step.arguments().replaceFirst("\\[(\\{[^}]*}).*", "$1");
        Trace.Line comparable =
                new Trace.Line(line.call(), line.arguments().replace("{fd=-1}", first), line.result(), line.rest());
        if (!ExpectedLine.matches(step, comparable, state.values())) {
            throw new AssertionError("explained %s: %s%ntraced    %s(%s) = %s"
                    .formatted(step.process(), step.line(), line.call(), line.arguments(), line.result()));
        }
        if (!state.process().compareAndSet(null, step.process())
                && !step.process().equals(state.process().get())) {
            throw new AssertionError("explained %s: %s%ntraced    in %s"
                    .formatted(step.process(), step.line(), state.process().get()));
        }
        seen.add(call.index());
        long value = line.value(OTHER_ERROR);
        if (call.syscall() == Syscall.CLONE3) {
            child(call, at, line.child(), state);
        }
        for (Operand each : call.arguments()) {
            if (each instanceof Operand.Address address && address.item() instanceof Item.Buffer buffer) {
                state.memory()
                        .keySet()
                        .removeIf(place -> place >= buffer.address() && place < buffer.address() + buffer.size());
            }
        }
        Matcher exited = EXITED.matcher(line.arguments());
        if (exited.find() && call.arguments().get(1) instanceof Operand.Address status) {
            state.memory().put(status.absolute(), Long.parseLong(exited.group(1)) << Byte.SIZE);
        }
        if (call.result() != null) {
            state.memory().put(call.result().address(), value);
            state.values().put(step.result(), value);
        }
        return next(call, at, value);
    }

    private void child(Instruction.Call call, int at, int pid, State parent) {
        boolean sameMemory = steps.get(call.index()).arguments().contains("CLONE_VM");
        State state = parent.child(sameMemory);
        state.memory().put(call.result().address(), 0L);
        run(at + 1, trace.threads().get(pid), 0, state);
    }

    private int next(Instruction.Call call, int at, long value) {
        if (value < HIGHEST_ERROR || value >= 0) {
            boolean ends = call.syscall() == Syscall.EXECVE || call.syscall() == Syscall.EXIT_GROUP;
            return ends ? instructions.size() : at + 1;
        }
        OnError policy = call.onError();
        OnError.Outcome outcome = policy.cases().stream()
                .filter(each -> -each.errno().number() == value)
                .map(OnError.Case::outcome)
                .findFirst()
                .orElse(policy.otherwise());
        return switch (outcome) {
            case OnError.Outcome.Fail() -> throw new AssertionError(call.step() + " has failed with " + value);
            case OnError.Outcome.Continue() -> at + 1;
            case OnError.Outcome.Go(Label target) -> place(target);
            case OnError.Outcome.Retry _ -> at;
        };
    }

    private int place(Label label) {
        return instructions.indexOf(new Instruction.Place(label));
    }

    private static Boolean holds(Instruction.JumpIf jump, State state) {
        Long left = state.of(jump.left());
        Long right = state.of(jump.right());
        if (left == null || right == null) {
            return null;
        }
        return switch (jump.condition()) {
            case EQUAL -> left.equals(right);
            case NOT_EQUAL -> !left.equals(right);
            case LESS -> left < right;
            case GREATER_OR_EQUAL -> left >= right;
            case ANY_BIT -> (left & right) != 0;
            case NO_BIT -> (left & right) == 0;
        };
    }
}
