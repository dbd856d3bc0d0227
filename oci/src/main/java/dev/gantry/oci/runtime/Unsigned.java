package dev.gantry.oci.runtime;

import java.math.BigInteger;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.ValueSerializer;

/// The specification's `uint64` in a Java `long`: the same 64 bits, read with [Long#toUnsignedString].
///
/// `RLIM_INFINITY` (2^64-1) is therefore -1 in Java and `18446744073709551615` in JSON.
final class Unsigned {
    private static final BigInteger MAX = BigInteger.ONE.shiftLeft(64).subtract(BigInteger.ONE);

    private Unsigned() {}

    static final class Writer extends ValueSerializer<Long> {
        @Override
        public void serialize(Long value, JsonGenerator out, SerializationContext context) {
            out.writeNumber(new BigInteger(Long.toUnsignedString(value)));
        }
    }

    static class Reader extends ValueDeserializer<Long> {
        @Override
        public Long deserialize(JsonParser in, DeserializationContext context) {
            BigInteger value = in.getBigIntegerValue();
            // Go programs write -1 for "no limit" where the specification says uint64; runc reads it as such
            if (value.equals(BigInteger.ONE.negate())) {
                return -1L;
            }
            if (value.signum() < 0 || value.compareTo(MAX) > 0) {
                return (Long) context.handleWeirdNumberValue(Long.class, value, "out of the range of uint64");
            }
            return value.longValue();
        }
    }

    /// For a property that may be left out and is 0 then.
    static final class OptionalReader extends Reader {
        @Override
        public Long getAbsentValue(DeserializationContext context) {
            return 0L;
        }
    }
}
