package dev.gantry.engine.config;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Defensive copies that keep the order of the request.
final class Copies {
    private Copies() {}

    /// An immutable copy; absent is empty.
    static <T> List<T> list(@Nullable List<T> list) {
        return list == null ? List.of() : Collections.unmodifiableList(new ArrayList<>(list));
    }

    /// An immutable copy in the same order; absent is empty.
    static <V> Map<String, V> map(@Nullable Map<String, V> map) {
        return map == null ? Map.of() : Collections.unmodifiableMap(new LinkedHashMap<>(map));
    }

    /// An immutable copy; absent stays absent.
    static <T> @Nullable List<T> listOrNull(@Nullable List<T> list) {
        return list == null ? null : list(list);
    }

    /// The text; absent is empty.
    static String text(@Nullable String text) {
        return text == null ? "" : text;
    }
}
