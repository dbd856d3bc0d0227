package dev.gantry.api.http;

import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.exc.UnexpectedEndOfInputException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.exc.MismatchedInputException;

/// What is wrong with a JSON document, in the words of JSON: a client knows neither our parser nor our classes.
final class JsonProblems {
    private static final Pattern SOURCE = Pattern.compile(" ?\\([^()]*\\[Source:[^\\]]*\\]\\)|, from `[^`]*`");

    private JsonProblems() {}

    /// Of a text that is no JSON document.
    static String ofText(JacksonException failure) {
        if (failure instanceof UnexpectedEndOfInputException) {
            return "unexpected EOF";
        }
        String message = failure.getOriginalMessage() == null ? "malformed" : failure.getOriginalMessage();
        String plain = SOURCE.matcher(message).replaceAll("");
        var location = failure.getLocation();
        if (location == null || location.getLineNr() < 0) {
            return plain;
        }
        return plain + " (line " + location.getLineNr() + ", column " + location.getColumnNr() + ")";
    }

    /// Of a document that has a value of another type than its field.
    static String ofValue(JacksonException failure, JsonNode document) {
        JsonNode value = document;
        StringBuilder path = new StringBuilder();
        for (JacksonException.Reference step : failure.getPath()) {
            if (step.getPropertyName() == null) {
                path.append('[').append(step.getIndex()).append(']');
                value = value.path(step.getIndex());
            } else {
                path.append(path.isEmpty() ? "" : ".").append(step.getPropertyName());
                value = member(value, step.getPropertyName());
            }
        }
        Class<?> wanted = failure instanceof MismatchedInputException mismatch ? mismatch.getTargetType() : null;
        if (wanted == null) {
            return failure.getOriginalMessage() + (path.isEmpty() ? "" : " (" + path + ")");
        }
        return "cannot unmarshal " + kind(value) + " into " + (path.isEmpty() ? "the body" : "field " + path)
                + " of type " + kind(wanted);
    }

    /// A member by its name in any case, as names are read.
    private static JsonNode member(JsonNode object, String name) {
        for (Map.Entry<String, JsonNode> entry : object.properties()) {
            if (entry.getKey().equalsIgnoreCase(name)) {
                return entry.getValue();
            }
        }
        return object.path(name);
    }

    private static String kind(JsonNode value) {
        return switch (value.getNodeType()) {
            case NUMBER -> "number " + value;
            case MISSING -> "value";
            case ARRAY, BINARY, BOOLEAN, NULL, OBJECT, POJO, STRING -> lower(value.getNodeType());
        };
    }

    private static String lower(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    private static String kind(@Nullable Class<?> wanted) {
        if (wanted == null || wanted == String.class) {
            return "string";
        } else if (wanted == boolean.class || wanted == Boolean.class) {
            return "boolean";
        } else if (wanted == double.class || wanted == Double.class) {
            return "number";
        } else if (wanted.isPrimitive() || Number.class.isAssignableFrom(wanted)) {
            return "integer";
        }
        return Collection.class.isAssignableFrom(wanted) || wanted.isArray() ? "array" : "object";
    }
}
