package dev.gantry.runtime.seccomp;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// What a filter does with a call of a given architecture and number, before it looks at arguments: found by running
/// the filter for every range of numbers between those that it compares with.
///
/// @param byArchitecture the ranges of each architecture that the filter knows, from 0 on, neighbours different
/// @param others the ranges of all other architectures
record NumberRanges(Map<Integer, List<Range>> byArchitecture, List<Range> others) {
    // struct seccomp_data, linux/seccomp.h
    static final int NUMBER = 0;
    static final int ARCHITECTURE = 4;

    /// What a filter does.
    sealed interface Outcome {}

    /// It ends, whatever the arguments are.
    record Answer(int action) implements Outcome {}

    /// It goes on at an instruction, which loads something else.
    record GoOn(int instruction) implements Outcome {}

    /// Numbers from `first` (unsigned) to the next range's.
    record Range(int first, Outcome outcome) {}

    /// Empty if the filter does what this does not follow: calculations, or comparisons that have no ranges.
    static Optional<NumberRanges> of(List<Instruction> program) {
        Comparisons comparisons = new Comparisons(program);
        if (!comparisons.follow()) {
            return Optional.empty();
        }
        Map<Integer, List<Range>> ranges = new LinkedHashMap<>();
        for (int architecture : comparisons.architectures) {
            ranges.put(architecture, ranges(program, architecture, comparisons.firsts));
        }
        int other = 0;
        while (ranges.containsKey(other)) {
            other++;
        }
        return Optional.of(new NumberRanges(ranges, ranges(program, other, comparisons.firsts)));
    }

    private static List<Range> ranges(List<Instruction> program, int architecture, Set<Integer> firsts) {
        List<Range> ranges = new ArrayList<>();
        for (int first : firsts) {
            Outcome outcome = outcome(program, architecture, first);
            if (ranges.isEmpty() || !ranges.getLast().outcome().equals(outcome)) {
                ranges.add(new Range(first, outcome));
            }
        }
        return ranges;
    }

    private static Outcome outcome(List<Instruction> program, int architecture, int number) {
        int loaded = 0;
        int at = 0;
        while (true) {
            Instruction instruction = program.get(at);
            switch (instruction.operation()) {
                case Instruction.RETURN -> {
                    return new Answer(instruction.operand());
                }
                case Instruction.LOAD -> {
                    if (instruction.operand() > ARCHITECTURE) {
                        return new GoOn(at);
                    }
                    loaded = instruction.operand() == ARCHITECTURE ? architecture : number;
                }
                case Instruction.JUMP -> at += instruction.operand();
                default -> at += instruction.skipFor(loaded);
            }
            at++;
        }
    }

    /// The values that a filter compares architecture and number with.
    private static final class Comparisons {
        private static final int X32_BIT = 0x4000_0000;

        private final List<Instruction> program;
        private final Set<Place> seen = new HashSet<>();
        private final Deque<Place> open = new ArrayDeque<>();
        private final Set<Integer> architectures = new LinkedHashSet<>();
        /// The first numbers of ranges: inside one, every comparison has one result.
        private final NavigableSet<Integer> firsts = new TreeSet<>(Integer::compareUnsigned);

        /// An instruction, and which word of `struct seccomp_data` is loaded there; -1 before the first load.
        private record Place(int at, int loaded) {}

        Comparisons(List<Instruction> program) {
            this.program = program;
        }

        /// Whether all is understood.
        boolean follow() {
            firsts.add(0);
            reach(new Place(0, -1));
            while (!open.isEmpty()) {
                if (!follow(open.remove())) {
                    return false;
                }
            }
            return true;
        }

        private void reach(Place place) {
            if (seen.add(place)) {
                open.add(place);
            }
        }

        private boolean follow(Place place) {
            Instruction instruction = program.get(place.at);
            int loaded = place.loaded;
            if (instruction.operation() == Instruction.LOAD) {
                if (instruction.operand() > ARCHITECTURE) {
                    return true; // not followed further
                }
                loaded = instruction.operand();
            }
            for (int target : instruction.targets(place.at)) {
                reach(new Place(target, loaded));
            }
            return switch (instruction.operation()) {
                case Instruction.LOAD, Instruction.JUMP, Instruction.RETURN -> true;
                default -> instruction.compares() && note(instruction, loaded);
            };
        }

        private boolean note(Instruction comparison, int loaded) {
            if (loaded == ARCHITECTURE && comparison.operation() == Instruction.IF_EQUAL) {
                architectures.add(comparison.operand());
                return true;
            }
            return loaded == NUMBER && noteNumber(comparison.operation(), comparison.operand());
        }

        private boolean noteNumber(int operation, int value) {
            switch (operation) {
                case Instruction.IF_EQUAL -> firsts.addAll(List.of(value, value + 1));
                case Instruction.IF_GREATER -> firsts.add(value + 1);
                case Instruction.IF_GREATER_OR_EQUAL -> firsts.add(value);
                default -> {
                    firsts.addAll(List.of(X32_BIT, 0x8000_0000, 0xC000_0000));
                    return value == X32_BIT;
                }
            }
            return true;
        }
    }
}
