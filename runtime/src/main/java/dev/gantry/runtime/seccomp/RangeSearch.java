package dev.gantry.runtime.seccomp;

import dev.gantry.runtime.seccomp.NumberRanges.Answer;
import dev.gantry.runtime.seccomp.NumberRanges.GoOn;
import dev.gantry.runtime.seccomp.NumberRanges.Outcome;
import dev.gantry.runtime.seccomp.NumberRanges.Range;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/// A filter that answers as another does, with fewer instructions: calls of neighbouring numbers and one answer are one
/// range, and a range is found by halving.
///
/// libseccomp compares with every number, so that Docker's default profile has 1,260 instructions for three
/// architectures. The kernel checks, translates and compiles each of them whenever a process takes on the filter, in
/// every start and every exec: a quarter of them is left here, and a third of that time (0.1 ms of 0.3).
///
/// The program is written from its end to its beginning, since jumps lead forward only: what a jump leads to is there
/// already.
final class RangeSearch {
    /// One jump may yet come between a target and the comparison that leads to it.
    private static final int REACH = Instruction.LONGEST_SKIP - 1;

    /// The last instruction first: an index is a distance from the end, and what jumps lead to.
    private final List<Instruction> reversed = new ArrayList<>();
    private final Map<Outcome, Integer> targets = new HashMap<>();

    private RangeSearch() {}

    /// The shorter of the two: `program`, or its translation.
    static List<Instruction> of(List<Instruction> program) {
        return NumberRanges.of(program)
                .map(ranges -> new RangeSearch().translate(program, ranges))
                .filter(translated -> translated.size() < program.size())
                .orElse(program);
    }

    private List<Instruction> translate(List<Instruction> program, NumberRanges ranges) {
        copyWhatLooksAtArguments(program, ranges);
        Map<Integer, Integer> sections = new LinkedHashMap<>();
        ranges.byArchitecture().forEach((architecture, each) -> sections.put(architecture, section(each)));
        int next = section(ranges.others());
        for (Map.Entry<Integer, Integer> each : List.copyOf(sections.entrySet()).reversed()) {
            next = compare(Instruction.IF_EQUAL, each.getKey(), each.getValue(), next);
        }
        if (skip(next) > 0) {
            add(Instruction.jump(skip(next)));
        }
        add(Instruction.load(NumberRanges.ARCHITECTURE));
        return reversed.reversed();
    }

    /// In their order: every jump becomes shorter, or stays as long as it was.
    private void copyWhatLooksAtArguments(List<Instruction> program, NumberRanges ranges) {
        NavigableSet<Integer> reached = new TreeSet<>();
        Stream.concat(ranges.byArchitecture().values().stream(), Stream.of(ranges.others()))
                .flatMap(List::stream)
                .map(Range::outcome)
                .forEach(outcome -> {
                    if (outcome instanceof GoOn(int at)) {
                        reach(program, at, reached);
                    }
                });
        int[] copies = new int[program.size()];
        for (int at : reached.descendingSet()) {
            copies[at] = add(program.get(at).moved(at, target -> skip(copies[target])));
            targets.put(new GoOn(at), copies[at]);
        }
    }

    private static void reach(List<Instruction> program, int at, Set<Integer> reached) {
        if (reached.add(at)) {
            program.get(at).targets(at).forEach(target -> reach(program, target, reached));
        }
    }

    private int section(List<Range> ranges) {
        int search = search(ranges);
        return ranges.size() == 1 ? search : add(Instruction.load(NumberRanges.NUMBER));
    }

    private int search(List<Range> ranges) {
        if (ranges.size() == 1) {
            return target(ranges.getFirst().outcome());
        }
        int middle = ranges.size() / 2;
        int high = search(ranges.subList(middle, ranges.size()));
        int low = search(ranges.subList(0, middle));
        return compare(Instruction.IF_GREATER_OR_EQUAL, ranges.get(middle).first(), high, low);
    }

    private int target(Outcome outcome) {
        Integer known = targets.get(outcome);
        if (outcome instanceof Answer(int action) && (known == null || skip(known) > REACH)) {
            known = add(Instruction.give(action));
            targets.put(outcome, known);
        }
        return Objects.requireNonNull(known, "what the filter goes on with is copied");
    }

    private int compare(int operation, int operand, int ifTrue, int ifFalse) {
        int yes = within(ifTrue);
        int no = within(ifFalse);
        return add(new Instruction(operation, skip(yes), skip(no), operand));
    }

    private int within(int target) {
        return skip(target) > REACH ? add(Instruction.jump(skip(target))) : target;
    }

    /// How many instructions the next one skips to reach a target.
    private int skip(int target) {
        return reversed.size() - 1 - target;
    }

    private int add(Instruction instruction) {
        reversed.add(instruction);
        return reversed.size() - 1;
    }
}
