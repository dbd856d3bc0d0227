package dev.gantry.e2e.api;

import java.math.BigDecimal;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Checks JSON against the schemas of an OpenAPI 2 document, as far as the Engine API's document uses them: types,
/// formats, `required`, `enum`, bounds, patterns, `allOf`, `additionalProperties`, `$ref` and `x-nullable`.
///
/// Stricter than JSON Schema in one point: a property that the document does not have is told, too.
final class SchemaCheck {
    private static final String REF = "$ref";
    private static final Map<String, BigDecimal[]> RANGES = Map.of(
            "int64", range(63, true),
            "int32", range(31, true),
            "uint64", range(64, false),
            "uint32", range(32, false),
            "uint16", range(16, false),
            "uint8", range(8, false));

    private final Map<String, Object> definitions;

    /// @param definitions the document's named schemas
    SchemaCheck(Map<String, Object> definitions) {
        this.definitions = definitions;
    }

    private static BigDecimal[] range(int bits, boolean signed) {
        BigDecimal end = BigDecimal.TWO.pow(bits);
        return new BigDecimal[] {signed ? end.negate() : BigDecimal.ZERO, end.subtract(BigDecimal.ONE)};
    }

    /// What is wrong with `value`, each with the path to it; empty when nothing is.
    List<String> problems(JsonNode value, Map<String, Object> schema) {
        List<String> problems = new ArrayList<>();
        check(value, schema, "$", problems);
        return problems;
    }

    private void check(JsonNode value, Map<String, Object> schema, String path, List<String> problems) {
        if (value.isNull()) {
            if (!isNullable(schema)) {
                problems.add(path + ": null is not allowed");
            }
            return;
        }
        if (schema.containsKey(REF)) {
            check(value, resolve(schema), path, problems);
            return;
        }
        for (Object part : list(schema.get("allOf"))) {
            checkPart(value, map(part), path, problems);
        }
        if (schema.containsKey("allOf")) {
            checkWhole(value, schema, path, problems);
        }
        checkScalar(value, schema, path, problems);
        switch (type(schema)) {
            case "object" -> checkObject(value, schema, path, problems);
            case "array" -> checkArray(value, schema, path, problems);
            case "string" -> require(value.isString(), "a string", value, path, problems);
            case "boolean" -> require(value.isBoolean(), "a boolean", value, path, problems);
            case "number" -> require(value.isNumber(), "a number", value, path, problems);
            case "integer" -> require(value.isIntegralNumber(), "an integer", value, path, problems);
            default -> {
                // any value
            }
        }
    }

    /// One part of an `allOf`: the value has the other parts' properties as well.
    private void checkPart(JsonNode value, Map<String, Object> part, String path, List<String> problems) {
        List<String> found = new ArrayList<>();
        check(value, part, path, found);
        for (String name : value.propertyNames()) {
            found.remove(undocumented(path + "." + name));
        }
        problems.addAll(found);
    }

    private void checkWhole(JsonNode value, Map<String, Object> schema, String path, List<String> problems) {
        Set<String> known = inherited(schema);
        known.addAll(map(schema.get("properties")).keySet());
        for (String name : value.propertyNames()) {
            if (!known.contains(name)) {
                problems.add(undocumented(path + "." + name));
            }
        }
    }

    private static String undocumented(String path) {
        return path + ": is not in the document";
    }

    private static void require(boolean is, String wanted, JsonNode value, String path, List<String> problems) {
        if (!is) {
            problems.add(path + ": want " + wanted + ", got " + abbreviated(value));
        }
    }

    private static String abbreviated(JsonNode value) {
        String text = value.toString();
        return text.length() > 80 ? text.substring(0, 80) + "…" : text;
    }

    private void checkObject(JsonNode value, Map<String, Object> schema, String path, List<String> problems) {
        if (!value.isObject()) {
            require(false, "an object", value, path, problems);
            return;
        }
        for (Object name : list(schema.get("required"))) {
            if (!value.has(name.toString())) {
                problems.add(path + "." + name + ": is required, and missing");
            }
        }
        Map<String, Object> properties = map(schema.get("properties"));
        Object others = schema.get("additionalProperties");
        boolean composed = schema.containsKey("allOf");
        for (Map.Entry<String, JsonNode> member : value.properties()) {
            String at = path + "." + member.getKey();
            if (properties.get(member.getKey()) instanceof Map<?, ?> property) {
                check(member.getValue(), map(property), at, problems);
            } else if (others instanceof Map<?, ?> other) {
                check(member.getValue(), map(other), at, problems);
            } else if (Boolean.FALSE.equals(others) || (others == null && !properties.isEmpty() && !composed)) {
                problems.add(undocumented(at));
            }
        }
    }

    /// The properties that the parts of an `allOf` bring.
    private Set<String> inherited(Map<String, Object> schema) {
        Set<String> names = new LinkedHashSet<>();
        for (Object part : list(schema.get("allOf"))) {
            Map<String, Object> whole = map(part).containsKey(REF) ? resolve(map(part)) : map(part);
            names.addAll(map(whole.get("properties")).keySet());
            names.addAll(inherited(whole));
        }
        return names;
    }

    private void checkArray(JsonNode value, Map<String, Object> schema, String path, List<String> problems) {
        if (!value.isArray()) {
            require(false, "an array", value, path, problems);
            return;
        }
        if (schema.get("minItems") instanceof Integer least && value.size() < least) {
            problems.add(path + ": has " + value.size() + " items, want " + least + " at least");
        }
        for (int i = 0; i < value.size(); i++) {
            check(value.get(i), map(schema.get("items")), path + "[" + i + "]", problems);
        }
    }

    private static void checkScalar(JsonNode value, Map<String, Object> schema, String path, List<String> problems) {
        List<?> choices = list(schema.get("enum"));
        String written = value.isString() ? value.stringValue() : value.toString();
        if (!choices.isEmpty()
                && choices.stream().noneMatch(choice -> choice.toString().equals(written))) {
            problems.add(path + ": " + abbreviated(value) + " is none of " + choices);
        }
        String format = String.valueOf(schema.get("format"));
        if (value.isNumber()) {
            checkNumber(value.decimalValue(), schema, RANGES.get(format), path, problems);
        }
        if (value.isString()) {
            String text = value.stringValue();
            if (schema.get("pattern") instanceof String pattern
                    && !Pattern.compile(pattern).matcher(text).find()) {
                problems.add(path + ": \"" + text + "\" does not match " + pattern);
            }
            if (format.equals("date-time") || format.equals("dateTime")) {
                checkTime(text, path, problems);
            }
        }
    }

    private static void checkNumber(
            BigDecimal number,
            Map<String, Object> schema,
            BigDecimal @Nullable [] range,
            String path,
            List<String> problems) {
        if ((schema.get("minimum") instanceof Number least && number.compareTo(decimal(least)) < 0)
                || (schema.get("maximum") instanceof Number most && number.compareTo(decimal(most)) > 0)
                || (range != null && (number.compareTo(range[0]) < 0 || number.compareTo(range[1]) > 0))) {
            problems.add(path + ": " + number + " is out of range");
        }
    }

    private static BigDecimal decimal(Number number) {
        return new BigDecimal(number.toString());
    }

    private static void checkTime(String text, String path, List<String> problems) {
        try {
            OffsetDateTime _ = OffsetDateTime.parse(text);
        } catch (DateTimeParseException _) {
            problems.add(path + ": \"" + text + "\" is no RFC 3339 time");
        }
    }

    private boolean isNullable(Map<String, Object> schema) {
        if (schema.get("x-nullable") instanceof Boolean nullable) {
            return nullable;
        }
        return schema.containsKey(REF) ? isNullable(resolve(schema)) : schema.isEmpty();
    }

    private Map<String, Object> resolve(Map<String, Object> reference) {
        String name = reference.get(REF).toString().replace("#/definitions/", "");
        if (!(definitions.get(name) instanceof Map<?, ?> found)) {
            throw new IllegalArgumentException("the document has no definition " + name);
        }
        return map(found);
    }

    private static String type(Map<String, Object> schema) {
        Object type = schema.get("type");
        return type != null ? type.toString() : schema.containsKey("properties") ? "object" : "";
    }

    @SuppressWarnings("unchecked") // the keys of a YAML mapping in this document are texts
    static Map<String, Object> map(@Nullable Object value) {
        return value instanceof Map<?, ?> map ? (Map<String, Object>) map : Map.of();
    }

    static List<?> list(@Nullable Object value) {
        return value instanceof List<?> list ? list : List.of();
    }
}
