package dev.gantry.cli.json;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One JSON value. Look-ups never fail: what is absent or of another type reads as null, empty, zero or false,
/// because a client must not break on what a newer or older daemon sends.
public sealed interface JsonValue {
    /// The text of a string, the spelling of a number or truth value, or an empty string.
    default String text() {
        return "";
    }

    /// The value as plain Java: `String`, `Long`, `Double`, `Boolean`, `List`, `Map`, null.
    @Nullable
    Object plain();

    /// A string.
    record Text(String value) implements JsonValue {
        @Override
        public String text() {
            return value;
        }

        @Override
        public Object plain() {
            return value;
        }
    }

    /// A number in the spelling it had on the wire.
    record Numeral(String lexeme) implements JsonValue {
        @Override
        public String text() {
            return lexeme;
        }

        @Override
        public Object plain() {
            try {
                return Long.valueOf(lexeme);
            } catch (NumberFormatException _) {
                // not an integer of 64 bits
                return Double.valueOf(lexeme);
            }
        }
    }

    /// True or false.
    record Bool(boolean value) implements JsonValue {
        @Override
        public String text() {
            return String.valueOf(value);
        }

        @Override
        public Object plain() {
            return value;
        }
    }

    /// Null, also what a look-up of an absent member gives.
    enum Null implements JsonValue {
        /// The one null.
        NULL;

        @Override
        public @Nullable Object plain() {
            return null;
        }
    }

    /// An array.
    record Items(List<JsonValue> values) implements JsonValue {
        public Items {
            values = List.copyOf(values);
        }

        @Override
        public Object plain() {
            List<@Nullable Object> list = new ArrayList<>(values.size());
            for (JsonValue value : values) {
                list.add(value.plain());
            }
            return list;
        }
    }

    /// An object; members keep the order they came in.
    record Fields(Map<String, JsonValue> members) implements JsonValue {
        public Fields {
            members = Collections.unmodifiableMap(new LinkedHashMap<>(members));
        }

        @Override
        public Object plain() {
            Map<String, @Nullable Object> map = new LinkedHashMap<>();
            members.forEach((name, value) -> map.put(name, value.plain()));
            return map;
        }
    }

    /// The member of an object, or null's.
    default JsonValue get(String name) {
        return this instanceof Fields(var members) ? members.getOrDefault(name, Null.NULL) : Null.NULL;
    }

    /// The member of that name as text.
    default String text(String name) {
        return get(name).text();
    }

    /// The number as a long (fractions cut off), or zero.
    default long number() {
        if (!(this instanceof Numeral(var lexeme))) {
            return 0;
        }
        try {
            return Long.parseLong(lexeme);
        } catch (NumberFormatException _) {
            // a fraction, an exponent or more than 63 bits: the nearest long is what a Go client would print too
            return (long) Double.parseDouble(lexeme);
        }
    }

    /// The member of that name as a long.
    default long number(String name) {
        return get(name).number();
    }

    /// True only for JSON's true.
    default boolean isTrue() {
        return this instanceof Bool(var value) && value;
    }

    /// Whether the member of that name is JSON's true.
    default boolean isTrue(String name) {
        return get(name).isTrue();
    }

    /// True for JSON's null and for what is absent.
    default boolean isNull() {
        return this instanceof Null;
    }

    /// The elements of an array; empty for everything else.
    default List<JsonValue> items() {
        return this instanceof Items(var values) ? values : List.of();
    }

    /// The elements of the member of that name.
    default List<JsonValue> items(String name) {
        return get(name).items();
    }

    /// The members of an object; empty for everything else.
    default Map<String, JsonValue> members() {
        return this instanceof Fields(var members) ? members : Map.of();
    }

    /// The elements of an array as texts.
    default List<String> texts() {
        return items().stream().map(JsonValue::text).toList();
    }

    /// An object of these members, in order; a null value leaves its member out.
    static Builder object() {
        return new Builder();
    }

    /// An array of strings.
    static Items strings(List<String> values) {
        return new Items(values.stream().<JsonValue>map(Text::new).toList());
    }

    /// Collects the members of an object in order.
    final class Builder {
        private final Map<String, JsonValue> members = new LinkedHashMap<>();

        private Builder() {}

        /// Sets a string.
        public Builder put(String name, String value) {
            return put(name, new Text(value));
        }

        /// Sets a number.
        public Builder put(String name, long value) {
            return put(name, new Numeral(Long.toString(value)));
        }

        /// Sets a truth value.
        public Builder put(String name, boolean value) {
            return put(name, new Bool(value));
        }

        /// Sets an array of strings.
        public Builder put(String name, List<String> values) {
            return put(name, strings(values));
        }

        /// Sets any value.
        public Builder put(String name, JsonValue value) {
            members.put(name, value);
            return this;
        }

        /// Sets a map of strings.
        public Builder put(String name, Map<String, String> values) {
            Builder object = object();
            values.forEach(object::put);
            return put(name, object.build());
        }

        /// The object.
        public Fields build() {
            return new Fields(members);
        }
    }
}
