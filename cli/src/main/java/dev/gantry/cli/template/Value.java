package dev.gantry.cli.template;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Go's view of plain Java values: truth, printing, type names.
public final class Value {
    /// The absence of a value, as of a key that a map does not have; prints `<no value>`.
    public static final Object NONE = None.NONE;

    /// The type of [#NONE].
    enum None {
        NONE;

        @Override
        public String toString() {
            return "<no value>";
        }
    }

    private Value() {}

    static boolean isTrue(@Nullable Object value) {
        return switch (value) {
            case null -> false;
            case Boolean truth -> truth;
            case Number number -> number.doubleValue() != 0;
            case String text -> !text.isEmpty();
            case List<?> list -> !list.isEmpty();
            case Map<?, ?> map -> !map.isEmpty();
            default -> !(value instanceof None);
        };
    }

    static String typeName(@Nullable Object value) {
        return switch (value) {
            case null -> "interface {}";
            case String _ -> "string";
            case Long _ -> "int";
            case Double _ -> "float64";
            case Boolean _ -> "bool";
            case List<?> _ -> "[]interface {}";
            case Map<?, ?> _ -> "map[string]interface {}";
            case Struct struct -> struct.typeName();
            default -> "interface {}";
        };
    }

    /// The text of a value as `%v` has it.
    static String print(@Nullable Object value) {
        return switch (value) {
            case null -> "<nil>";
            case Double number -> printDouble(number);
            case List<?> list -> bracketed("[", list, "]");
            case Map<?, ?> map -> {
                List<String> pairs = new ArrayList<>();
                sorted(map).forEach((key, element) -> pairs.add(key + ":" + print(element)));
                yield "map[" + String.join(" ", pairs) + "]";
            }
            case Struct struct -> bracketed("{", struct.printed(), "}");
            default -> value.toString();
        };
    }

    private static String bracketed(String open, List<?> values, String close) {
        StringBuilder out = new StringBuilder(open);
        for (int i = 0; i < values.size(); i++) {
            out.append(i == 0 ? "" : " ").append(print(values.get(i)));
        }
        return out.append(close).toString();
    }

    /// `%v` of a float64: the shortest digits, with an exponent below 1e-4 and from 1e21.
    static String printDouble(double number) {
        if (number == 0 || Double.isNaN(number) || Double.isInfinite(number)) {
            String text = Double.toString(number).replace("Infinity", "Inf").replace(".0", "");
            return text.equals("Inf") ? "+Inf" : text;
        }
        BigDecimal digits = new BigDecimal(Double.toString(number)).stripTrailingZeros();
        int exponent = digits.precision() - digits.scale() - 1;
        if (exponent >= -4 && exponent < 21) {
            return digits.toPlainString();
        }
        String mantissa = digits.movePointLeft(exponent).toPlainString();
        String sign = exponent < 0 ? "-" : "+";
        String power = Integer.toString(Math.abs(exponent));
        return mantissa + "e" + sign + (power.length() < 2 ? "0" + power : power);
    }

    /// The entries of a Go map in the order in which Go prints and ranges over them.
    static Map<String, @Nullable Object> sorted(Map<?, ?> map) {
        TreeMap<String, @Nullable Object> sorted = new TreeMap<>();
        map.forEach((key, value) -> sorted.put(String.valueOf(key), value));
        return sorted;
    }

    /// The value with every struct in it replaced by its fields, for the JSON writer.
    static @Nullable Object jsonable(@Nullable Object value) {
        return switch (value) {
            case null -> null;
            case Struct struct -> {
                Map<String, @Nullable Object> fields = new LinkedHashMap<>();
                struct.json().forEach((name, field) -> fields.put(name, jsonable(field)));
                yield fields;
            }
            case List<?> list -> {
                List<@Nullable Object> copy = new ArrayList<>(list.size());
                list.forEach(element -> copy.add(jsonable(element)));
                yield copy;
            }
            case Map<?, ?> map -> {
                Map<String, @Nullable Object> copy = new LinkedHashMap<>();
                sorted(map).forEach((key, element) -> copy.put(key, jsonable(element)));
                yield copy;
            }
            default -> value instanceof None ? null : value;
        };
    }
}
