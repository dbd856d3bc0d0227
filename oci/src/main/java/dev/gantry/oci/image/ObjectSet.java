package dev.gantry.oci.image;

import java.util.LinkedHashSet;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.ValueSerializer;

/// A set as Go's `map[string]struct{}` is written: `{"80/tcp": {}}`, sorted.
final class ObjectSet {
    private ObjectSet() {}

    static final class Writer extends ValueSerializer<Set<String>> {
        @Override
        public void serialize(Set<String> value, JsonGenerator generator, SerializationContext context) {
            generator.writeStartObject();
            for (String element : new TreeSet<>(value)) {
                generator.writeName(element);
                generator.writeStartObject();
                generator.writeEndObject();
            }
            generator.writeEndObject();
        }

        @Override
        public boolean isEmpty(SerializationContext context, Set<String> value) {
            return value.isEmpty();
        }
    }

    static final class Reader extends ValueDeserializer<Set<String>> {
        @Override
        public Set<String> deserialize(JsonParser parser, DeserializationContext context) {
            if (!parser.isExpectedStartObjectToken()) {
                context.handleUnexpectedToken(Set.class, parser);
            }
            Set<String> elements = new LinkedHashSet<>();
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                elements.add(parser.currentName());
                parser.nextToken();
                parser.skipChildren();
            }
            return elements;
        }
    }
}
