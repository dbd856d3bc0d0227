package dev.gantry.engine.config;

import dev.gantry.oci.Json;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.json.JsonMapper;

/// Reads what Docker's clients send as its own decoder would: names in any case, null where a value may be absent.
/// Everything else is as strict as [Json].
public final class ConfigJson {
    private static final JsonMapper MAPPER = Json.mapper()
            .rebuild()
            .disable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_PROPERTIES)
            .build();

    private ConfigJson() {}

    /// The mapper for request bodies and durable state.
    public static JsonMapper mapper() {
        return MAPPER;
    }
}
