package dev.gantry.oci;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Makes one of what a JSON document leaves out, sets to `null`, or has empty: an empty, immutable collection, and no
/// text. For the compact constructors of records that Jackson fills. The order of the document is kept.
public final class Absent {
    private Absent() {}

    /// An immutable copy of the list, empty for null.
    ///
    /// @throws IllegalArgumentException on a `null` element
    public static <T> List<T> toEmpty(@Nullable List<T> list) {
        if (list == null) {
            return List.of();
        }
        rejectNull(list.stream().anyMatch(element -> element == null));
        return List.copyOf(list);
    }

    /// An immutable copy of the map, empty for null.
    ///
    /// @throws IllegalArgumentException on a `null` key or value
    public static <K, V> Map<K, V> toEmpty(@Nullable Map<K, V> map) {
        if (map == null || map.isEmpty()) {
            return Map.of();
        }
        rejectNull(map.entrySet().stream().anyMatch(entry -> entry.getKey() == null || entry.getValue() == null));
        return Collections.unmodifiableMap(new LinkedHashMap<>(map));
    }

    /// An immutable copy of the set, empty for null.
    ///
    /// @throws IllegalArgumentException on a `null` element
    public static <T> Set<T> toEmpty(@Nullable Set<T> set) {
        if (set == null || set.isEmpty()) {
            return Set.of();
        }
        rejectNull(set.stream().anyMatch(element -> element == null));
        return Collections.unmodifiableSet(new LinkedHashSet<>(set));
    }

    /// The text, null if it is empty: for components that are not written then.
    public static @Nullable String toNull(@Nullable String text) {
        return text == null || text.isEmpty() ? null : text;
    }

    private static void rejectNull(boolean found) {
        if (found) {
            throw new IllegalArgumentException("null where a value is required");
        }
    }
}
