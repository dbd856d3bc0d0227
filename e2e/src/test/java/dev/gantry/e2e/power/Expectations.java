package dev.gantry.e2e.power;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// What each name may lead to after a power cut: what was acknowledged last, or what was asked for after that.
final class Expectations {
    private final Map<String, Set<String>> allowed = new HashMap<>();
    private final Map<String, String> unfinished = new TreeMap<>();
    private int acknowledged;

    /// Takes in what the machine has told.
    ///
    /// @return what is wrong
    List<String> wrong(List<String[]> told) {
        Map<String, String> found = new HashMap<>();
        List<String> problems = new ArrayList<>();
        for (String[] line : told) {
            switch (line[0]) {
                case Events.PROBLEM -> problems.add(line[1]);
                case Events.FOUND -> found.put(line[1], line[2]);
                case Events.CHECKED -> {
                    problems.addAll(compare(found));
                    settle(found);
                }
                case Events.BEGIN -> begin(line[1], line[2], line[3]);
                case Events.DONE -> done(line[1], line[2], line[3]);
                default -> {}
            }
        }
        return problems;
    }

    private List<String> compare(Map<String, String> found) {
        Set<String> names = new HashSet<>(allowed.keySet());
        names.addAll(found.keySet());
        return names.stream()
                .filter(name -> !permits(name, found.getOrDefault(name, Events.GONE)))
                .map(name -> "%s is %s, and is to be one of %s"
                        .formatted(name, found.getOrDefault(name, Events.GONE), allowed.getOrDefault(name, Set.of())))
                .toList();
    }

    private boolean permits(String name, String id) {
        Set<String> wanted = allowed.getOrDefault(name, Set.of(Events.GONE));
        return wanted.contains(id) || (wanted.contains(Events.PRESENT) && !id.equals(Events.GONE));
    }

    private void settle(Map<String, String> found) {
        allowed.clear();
        unfinished.clear();
        found.forEach((name, id) -> allowed.put(name, Set.of(id)));
    }

    private void begin(String step, String name, String outcome) {
        unfinished.put(step + " " + name, step);
        Set<String> more = new HashSet<>(allowed.getOrDefault(name, Set.of(Events.GONE)));
        more.add(outcome);
        allowed.put(name, more);
    }

    private void done(String step, String name, String id) {
        acknowledged++;
        unfinished.remove(step + " " + name);
        allowed.put(name, Set.of(id));
    }

    /// How many steps have been acknowledged.
    int acknowledged() {
        return acknowledged;
    }

    /// The steps that the power cut came in between of.
    List<String> unfinished() {
        return List.copyOf(unfinished.values());
    }
}
