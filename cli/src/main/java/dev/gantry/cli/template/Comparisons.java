package dev.gantry.cli.template;

import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/// The functions `eq`, `ne`, `lt`, `le`, `gt`, `ge`.
final class Comparisons {
    private Comparisons() {}

    static void addTo(Map<String, Builtins.Function> functions) {
        functions.put("eq", Comparisons::anyEqual);
        functions.put("ne", (List<@Nullable Object> arguments) -> {
            Builtins.exactly("ne", 2, arguments);
            return !equal(arguments.get(0), arguments.get(1));
        });
        functions.put("lt", (List<@Nullable Object> arguments) -> ordered("lt", arguments, order -> order < 0));
        functions.put("le", (List<@Nullable Object> arguments) -> ordered("le", arguments, order -> order <= 0));
        functions.put("gt", (List<@Nullable Object> arguments) -> ordered("gt", arguments, order -> order > 0));
        functions.put("ge", (List<@Nullable Object> arguments) -> ordered("ge", arguments, order -> order >= 0));
    }

    private static Object anyEqual(List<@Nullable Object> arguments) {
        if (arguments.isEmpty()) {
            throw new Builtins.Misuse("wrong number of args for eq: want at least 1 got 0");
        }
        if (arguments.size() == 1) {
            throw new IllegalArgumentException("missing argument for comparison");
        }
        for (Object other : arguments.subList(1, arguments.size())) {
            if (equal(arguments.getFirst(), other)) {
                return true;
            }
        }
        return false;
    }

    private static boolean equal(@Nullable Object one, @Nullable Object other) {
        if (one == null || other == null || one instanceof Value.None || other instanceof Value.None) {
            return (one == null || one instanceof Value.None) && (other == null || other instanceof Value.None);
        }
        if (one instanceof List<?> || one instanceof Map<?, ?> || one instanceof Struct) {
            throw new IllegalArgumentException("non-comparable type " + Value.print(one) + ": " + Value.typeName(one));
        }
        if (!kind(one).equals(kind(other))) {
            throw new IllegalArgumentException(
                    "incompatible types for comparison: " + kind(one) + " and " + kind(other));
        }
        return one.equals(other);
    }

    private static String kind(Object value) {
        return Value.typeName(value);
    }

    private static Object ordered(String name, List<@Nullable Object> arguments, IntPredicate wanted) {
        Builtins.exactly(name, 2, arguments);
        Object one = arguments.get(0);
        Object other = arguments.get(1);
        if (one instanceof Long left && other instanceof Long right) {
            return wanted.test(left.compareTo(right));
        }
        if (one instanceof Double left && other instanceof Double right) {
            return wanted.test(left.compareTo(right));
        }
        if (one instanceof String left && other instanceof String right) {
            return wanted.test(left.compareTo(right));
        }
        boolean basic = one instanceof Long || one instanceof Double || one instanceof String || one instanceof Boolean;
        throw new IllegalArgumentException(
                basic && !(one instanceof Boolean)
                        ? "incompatible types for comparison"
                        : "invalid type for comparison");
    }
}
