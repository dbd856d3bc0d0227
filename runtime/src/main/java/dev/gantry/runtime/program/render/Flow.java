package dev.gantry.runtime.program.render;

import dev.gantry.runtime.program.Instruction;
import dev.gantry.runtime.program.Label;
import dev.gantry.runtime.program.OnError;
import dev.gantry.runtime.program.Program;
import dev.gantry.runtime.program.Syscall;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Finds the path that a program takes if every call succeeds, and what leads to all other calls.
///
/// Every process is followed: at `clone3` the path goes on for the child and for the parent.
final class Flow {
    private final List<Instruction> instructions;
    private final Names names;
    private final Map<Label, Integer> places = new HashMap<>();
    private final boolean[] visited;
    private final Map<Integer, List<String>> conditions = new TreeMap<>();
    private final Deque<Branch> branches = new ArrayDeque<>();

    private Flow(Program program, Names names) {
        this.instructions = program.instructions();
        this.names = names;
        this.visited = new boolean[instructions.size()];
        for (int i = 0; i < instructions.size(); i++) {
            if (instructions.get(i) instanceof Instruction.Place(Label label)) {
                places.put(label, i);
            }
        }
    }

    /// A place where the program may go on, and what has to hold for that, the outermost condition first.
    private record Branch(int at, Values values, List<String> conditions) {
        Branch to(int other) {
            return new Branch(other, values, conditions);
        }
    }

    /// For each call that can be reached, by its index, the conditions under which it is made; none on the
    /// expected path.
    static Map<Integer, List<String>> conditions(Program program, Names names) {
        Flow flow = new Flow(program, names);
        flow.branches.add(new Branch(0, Values.of(program), List.of()));
        while (!flow.branches.isEmpty()) {
            flow.follow(flow.branches.removeFirst());
        }
        return flow.conditions;
    }

    private void follow(Branch start) {
        Branch here = start;
        while (here.at() < instructions.size() && !visited[here.at()]) {
            visited[here.at()] = true;
            here = switch (instructions.get(here.at())) {
                case Instruction.Call call -> call(call, here);
                case Instruction.Jump(Label target) -> here.to(place(target));
                case Instruction.JumpIf jump -> decide(jump, here);
                case Instruction.Compute compute -> {
                    here.values().compute(compute);
                    yield here.to(here.at() + 1);
                }
                case Instruction.Place _, Instruction.Enter _ -> here.to(here.at() + 1);
            };
        }
    }

    private int place(Label label) {
        return places.getOrDefault(label, instructions.size());
    }

    private Branch call(Instruction.Call call, Branch here) {
        conditions.put(call.index(), here.conditions());
        Map<Label, List<String>> errors = new LinkedHashMap<>();
        for (OnError.Case each : call.onError().cases()) {
            if (each.outcome() instanceof OnError.Outcome.Go(Label target)) {
                errors.computeIfAbsent(target, _ -> new ArrayList<>())
                        .add(each.errno().name());
            }
        }
        if (call.onError().otherwise() instanceof OnError.Outcome.Go(Label target)) {
            errors.computeIfAbsent(target, _ -> new ArrayList<>()).add("it fails");
        }
        // the next candidate in PATH is no part of the last one's failure: they stand side by side
        List<String> outer = call.syscall() == Syscall.EXECVE ? List.of() : here.conditions();
        errors.forEach((target, errnos) ->
                alternative(place(target), here.values(), outer, "if " + String.join(" or ", errnos)));
        here.values().called(call);
        boolean ends = call.syscall() == Syscall.EXIT_GROUP
                || call.syscall() == Syscall.EXIT
                || call.syscall() == Syscall.EXECVE;
        return here.to(ends ? instructions.size() : here.at() + 1);
    }

    private void alternative(int at, Values values, List<String> outer, String condition) {
        List<String> all = new ArrayList<>(outer);
        all.add(condition);
        branches.add(new Branch(at, values.copy(), List.copyOf(all)));
    }

    private Branch decide(Instruction.JumpIf jump, Branch here) {
        int next = here.at() + 1;
        int target = place(jump.target());
        if (here.values().isFork(jump.left())) {
            return fork(jump, here);
        }
        boolean jumps = switch (here.values().holds(jump)) {
            case YES -> true;
            case NO -> false;
            // what only refuses is not expected; else a jump leads past what is done in one case, or back
            case UNKNOWN -> !refuses(target);
        };
        String condition = Words.of(jump, jumps, names);
        alternative(jumps ? next : target, here.values(), here.conditions(), "if " + condition);
        return here.to(jumps ? target : next);
    }

    private Branch fork(Instruction.JumpIf jump, Branch here) {
        boolean childJumps = Values.childJumps(jump);
        int next = here.at() + 1;
        int target = place(jump.target());
        Values child = here.values().forChild(jump.left());
        follow(new Branch(childJumps ? target : next, child, here.conditions()));
        here.values().inParent(jump.left());
        return here.to(childJumps ? next : target);
    }

    /// Whether the next call is the one that a program makes in order to fail.
    private boolean refuses(int at) {
        for (int i = at; i < instructions.size(); i++) {
            if (instructions.get(i) instanceof Instruction.Call call) {
                return call.syscall() == Syscall.FCHDIR
                        && call.arguments().getFirst().equals(Values.NO_DESCRIPTOR);
            }
            if (instructions.get(i) instanceof Instruction.Jump) {
                return false;
            }
        }
        return false;
    }
}
