package dev.gantry.cli.engine;

import dev.gantry.cli.json.JsonValue;
import dev.gantry.cli.json.JsonWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The query of a request's path, and the encoding of path segments.
public final class Query {
    private static final String PLAIN = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";

    private final StringBuilder text = new StringBuilder();

    /// An empty query.
    public Query() {}

    /// Adds a parameter; may be called again with the same name.
    public Query with(String name, String value) {
        text.append(text.isEmpty() ? '?' : '&').append(encode(name)).append('=').append(encode(value));
        return this;
    }

    /// Adds a parameter unless its value is empty.
    public Query withText(String name, String value) {
        return value.isEmpty() ? this : with(name, value);
    }

    /// Adds `name=1` where the condition is true, as Docker's client does.
    public Query withFlag(String name, boolean value) {
        return value ? with(name, "1") : this;
    }

    /// Adds `filters` made of `name=value` texts, unless there are none.
    public Query withFilters(List<String> filters) {
        if (filters.isEmpty()) {
            return this;
        }
        Map<String, List<String>> values = new LinkedHashMap<>();
        for (String filter : filters) {
            int equals = filter.indexOf('=');
            values.computeIfAbsent(filter.substring(0, equals), _ -> new ArrayList<>())
                    .add(filter.substring(equals + 1));
        }
        JsonValue.Builder object = JsonValue.object();
        values.forEach((name, wanted) -> {
            JsonValue.Builder set = JsonValue.object();
            wanted.forEach(value -> set.put(value, true));
            object.put(name, set.build());
        });
        return with("filters", JsonWriter.compact(object.build()));
    }

    /// The query with its question mark, or an empty string.
    @Override
    public String toString() {
        return text.toString();
    }

    /// A path segment or value in percent-encoding.
    public static String encode(String value) {
        StringBuilder out = new StringBuilder(value.length());
        for (byte b : value.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xff);
            if (PLAIN.indexOf(c) >= 0) {
                out.append(c);
            } else {
                out.append('%')
                        .append(Character.toUpperCase(Character.forDigit(c >> 4, 16)))
                        .append(Character.toUpperCase(Character.forDigit(c & 15, 16)));
            }
        }
        return out.toString();
    }
}
