package dev.gantry.engine;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The filters of a request: values by name. Values of one name are alternatives (but all of several `label`s),
/// names are conditions that all hold.
public record Filters(Map<String, Set<String>> values) {
    /// Everything passes.
    public static final Filters NONE = new Filters(Map.of());

    public Filters {
        var copy = new LinkedHashMap<String, Set<String>>();
        values.forEach((name, alternatives) -> copy.put(name, Set.copyOf(alternatives)));
        values = Map.copyOf(copy);
    }

    /// One filter with its alternatives.
    public static Filters of(String name, String... alternatives) {
        return new Filters(Map.of(name, new LinkedHashSet<>(List.of(alternatives))));
    }

    /// The alternatives of a filter; empty where it is not used.
    public Set<String> get(String name) {
        return values.getOrDefault(name, Set.of());
    }

    /// Whether the filter is used.
    public boolean has(String name) {
        return !get(name).isEmpty();
    }

    /// A filter of one truth value, `true`, `1`, `false` or `0`.
    ///
    /// @param absent what holds where the filter is not used
    /// @throws EngineException.Invalid with Docker's text, for other and for contradictory values
    public boolean isTrue(String name, boolean absent) {
        Set<String> alternatives = get(name);
        if (alternatives.isEmpty()) {
            return absent;
        }
        boolean yes = alternatives.contains("true") || alternatives.contains("1");
        boolean no = alternatives.contains("false") || alternatives.contains("0");
        if (yes == no) {
            throw new EngineException.Invalid("invalid filter '" + name + "=["
                    + String.join(" ", alternatives.stream().sorted().toList()) + "]'");
        }
        return yes;
    }

    /// Whether labels pass `label` (all of them are there) and `label!` (not all of them are).
    public boolean matchLabels(Map<String, String> labels) {
        return get("label").stream().allMatch(wanted -> hasLabel(labels, wanted))
                && !(has("label!") && get("label!").stream().allMatch(unwanted -> hasLabel(labels, unwanted)));
    }

    /// Whether one label is there.
    ///
    /// @param wanted a name, or `name=value`
    public static boolean hasLabel(Map<String, String> labels, String wanted) {
        int equals = wanted.indexOf('=');
        String name = equals < 0 ? wanted : wanted.substring(0, equals);
        return labels.containsKey(name)
                && (equals < 0 || wanted.substring(equals + 1).equals(labels.get(name)));
    }

    /// Refuses filters that nobody would look at.
    ///
    /// @throws EngineException.Invalid with Docker's text
    public void requireOnly(Set<String> known) {
        for (String name : values.keySet()) {
            if (!known.contains(name)) {
                throw new EngineException.Invalid("invalid filter '" + name + "'");
            }
        }
    }
}
