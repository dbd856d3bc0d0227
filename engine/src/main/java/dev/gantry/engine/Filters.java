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
