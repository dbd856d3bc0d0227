package dev.gantry.engine.config;

import java.util.Collection;
import java.util.Map;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ValueSerializer;

/// Writes what is empty as `null`, as Go's clients and dockerd have it.
final class EmptyAsNull extends ValueSerializer<Object> {
    @Override
    public void serialize(Object value, JsonGenerator generator, SerializationContext context) {
        boolean empty = value instanceof Collection<?> list ? list.isEmpty() : ((Map<?, ?>) value).isEmpty();
        if (empty) {
            generator.writeNull();
        } else {
            context.writeValue(generator, value);
        }
    }
}
