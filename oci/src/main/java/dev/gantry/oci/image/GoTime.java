package dev.gantry.oci.image;

import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ValueSerializer;

/// A time as Go writes it (RFC 3339 with as many digits of the fraction as are needed): a configuration that another
/// tool reads and writes again has the same digest.
final class GoTime {
    private static final int NEEDED = -1;
    private static final DateTimeFormatter FORMAT =
            new DateTimeFormatterBuilder().appendInstant(NEEDED).toFormatter();

    private GoTime() {}

    /// Writes one.
    static final class Writer extends ValueSerializer<Instant> {
        @Override
        public void serialize(Instant time, JsonGenerator generator, SerializationContext context) {
            generator.writeString(FORMAT.format(time));
        }
    }
}
