package dev.gantry.cli.template;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The functions `index` and `slice`.
final class Collections {
    private Collections() {}

    static @Nullable Object index(List<@Nullable Object> arguments) {
        if (arguments.isEmpty()) {
            throw new Builtins.Misuse("wrong number of args for index: want at least 1 got 0");
        }
        Object value = arguments.getFirst();
        for (Object key : arguments.subList(1, arguments.size())) {
            value = element(value, key);
        }
        return value;
    }

    private static @Nullable Object element(@Nullable Object value, @Nullable Object key) {
        return switch (value) {
            case null -> throw new IllegalArgumentException("index of nil pointer");
            case List<?> list -> list.get(place(key, list.size()));
            case String text -> {
                byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
                yield (long) (bytes[place(key, bytes.length)] & 0xff);
            }
            case Map<?, ?> map -> {
                if (!(key instanceof String)) {
                    throw new IllegalArgumentException("value has type " + Value.typeName(key) + "; should be string");
                }
                yield map.containsKey(key) ? map.get(key) : absent(map);
            }
            default -> {
                if (value instanceof Value.None) {
                    throw new IllegalArgumentException("index of untyped nil");
                }
                throw new IllegalArgumentException("can't index item of type " + Value.typeName(value));
            }
        };
    }

    /// What Go gives for a missing key is the zero value of the map's element type. A map of texts is known by its
    /// other values; an empty one is taken for a map of texts, as nearly all maps of Docker's API are.
    private static @Nullable Object absent(Map<?, ?> map) {
        return map.values().stream().allMatch(String.class::isInstance) ? "" : Value.NONE;
    }

    private static int place(@Nullable Object key, int size) {
        if (!(key instanceof Long number)) {
            throw new IllegalArgumentException("cannot index slice/array with type " + Value.typeName(key));
        }
        if (number < 0 || number >= size) {
            throw new IllegalArgumentException("index out of range: " + number);
        }
        return number.intValue();
    }

    static Object slice(List<@Nullable Object> arguments) {
        if (arguments.isEmpty()) {
            throw new Builtins.Misuse("wrong number of args for slice: want at least 1 got 0");
        }
        Object value = arguments.getFirst();
        if (arguments.size() > 4) {
            throw new IllegalArgumentException("too many slice indexes: " + (arguments.size() - 1));
        }
        return switch (value) {
            case String text -> {
                if (arguments.size() == 4) {
                    throw new IllegalArgumentException("cannot 3-index slice a string");
                }
                byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
                int from = bound(arguments, 1, 0, bytes.length);
                int end = bound(arguments, 2, bytes.length, bytes.length);
                requireOrder(from, end);
                yield new String(bytes, from, end - from, StandardCharsets.UTF_8);
            }
            case List<?> list -> {
                int from = bound(arguments, 1, 0, list.size());
                int end = bound(arguments, 2, list.size(), list.size());
                requireOrder(from, end);
                yield list.subList(from, end);
            }
            case null -> throw new IllegalArgumentException("slice of untyped nil");
            default -> throw new IllegalArgumentException("can't slice item of type " + Value.typeName(value));
        };
    }

    private static int bound(List<@Nullable Object> arguments, int at, int fallback, int size) {
        if (at >= arguments.size()) {
            return fallback;
        }
        if (!(arguments.get(at) instanceof Long number)) {
            throw new IllegalArgumentException(
                    "cannot index slice/array with type " + Value.typeName(arguments.get(at)));
        }
        if (number < 0 || number > size) {
            throw new IllegalArgumentException("index out of range: " + number);
        }
        return number.intValue();
    }

    private static void requireOrder(int from, int end) {
        if (from > end) {
            throw new IllegalArgumentException("invalid slice index: " + from + " > " + end);
        }
    }
}
