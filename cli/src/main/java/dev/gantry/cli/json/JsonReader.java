package dev.gantry.cli.json;

import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/// Reads JSON values from a stream, one or many after another. Depth, number length and string length are limited by
/// the parser's own constraints.
public final class JsonReader implements AutoCloseable {
    private static final JsonFactory FACTORY = new JsonFactory();

    private final JsonParser parser;

    private JsonReader(JsonParser parser) {
        this.parser = parser;
    }

    /// A reader over a stream of values, as `/events` sends them.
    public static JsonReader over(InputStream stream) throws IOException {
        try {
            return new JsonReader(FACTORY.createParser(ObjectReadContext.empty(), stream));
        } catch (JacksonException e) {
            throw malformed(e);
        }
    }

    /// The one value of a document.
    public static JsonValue read(InputStream stream) throws IOException {
        try (JsonReader reader = over(stream)) {
            return reader.only();
        }
    }

    /// The one value of a text.
    public static JsonValue read(String text) throws IOException {
        try (JsonReader reader =
                new JsonReader(FACTORY.createParser(ObjectReadContext.empty(), new StringReader(text)))) {
            return reader.only();
        } catch (JacksonException e) {
            throw malformed(e);
        }
    }

    private JsonValue only() throws IOException {
        JsonValue value = next();
        if (value == null) {
            throw new IOException("empty JSON document");
        }
        if (next() != null) {
            throw new IOException("more than one JSON value in a document");
        }
        return value;
    }

    /// The next value, or null at the end of the stream.
    public @Nullable JsonValue next() throws IOException {
        try {
            JsonToken token = parser.nextToken();
            return token == null ? null : value(token);
        } catch (JacksonException e) {
            throw malformed(e);
        }
    }

    private JsonValue value(JsonToken token) {
        return switch (token) {
            case START_OBJECT -> object();
            case START_ARRAY -> array();
            case VALUE_STRING -> new JsonValue.Text(parser.getString());
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> new JsonValue.Numeral(parser.getString());
            case VALUE_TRUE -> new JsonValue.Bool(true);
            case VALUE_FALSE -> new JsonValue.Bool(false);
            case VALUE_NULL -> JsonValue.Null.NULL;
            case END_OBJECT, END_ARRAY, PROPERTY_NAME, VALUE_EMBEDDED_OBJECT, NOT_AVAILABLE ->
                throw new IllegalStateException("the parser gave " + token + " where a value begins");
        };
    }

    private JsonValue object() {
        Map<String, JsonValue> members = new LinkedHashMap<>();
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = parser.currentName();
            members.put(name, value(parser.nextToken()));
        }
        return new JsonValue.Fields(members);
    }

    private JsonValue array() {
        List<JsonValue> values = new ArrayList<>();
        for (JsonToken token = parser.nextToken(); token != JsonToken.END_ARRAY; token = parser.nextToken()) {
            values.add(value(token));
        }
        return new JsonValue.Items(values);
    }

    private static IOException malformed(JacksonException cause) {
        if (cause.getCause() instanceof IOException failure) {
            return failure;
        }
        return new IOException("malformed JSON: " + cause.getOriginalMessage(), cause);
    }

    /// Closes the parser and its stream.
    @Override
    public void close() throws IOException {
        try {
            parser.close();
        } catch (JacksonException e) {
            throw malformed(e);
        }
    }
}
