package dev.gantry.engine.config;

import dev.gantry.oci.Json;
import dev.gantry.oci.MalformedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.cfg.CoercionAction;
import tools.jackson.databind.cfg.CoercionInputShape;
import tools.jackson.databind.cfg.MutableCoercionConfig;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.type.LogicalType;

/// Reads what Docker's clients send as its own decoder would: names in any case, null where a value may be absent.
/// Everything else is as strict as [Json].
public final class ConfigJson {
    private static final JsonMapper MAPPER = Json.mapper()
            .rebuild()
            .disable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_PROPERTIES)
            .withCoercionConfig(LogicalType.Textual, ConfigJson::refuseScalars)
            .build();

    private ConfigJson() {}

    /// A number is no text: `"Image": 7` is a mistake, not the image `7`.
    private static void refuseScalars(MutableCoercionConfig texts) {
        texts.setCoercion(CoercionInputShape.Integer, CoercionAction.Fail)
                .setCoercion(CoercionInputShape.Float, CoercionAction.Fail)
                .setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail);
    }

    /// Reads a file of durable state.
    ///
    /// @throws MalformedException naming the file, if it is none of that type
    public static <T> T read(Path file, Class<T> type) throws IOException {
        T value;
        try {
            value = MAPPER.readValue(Files.readAllBytes(file), type);
        } catch (JacksonException e) {
            throw new MalformedException(file + ": " + e.getOriginalMessage(), e);
        }
        if (value == null) {
            throw new MalformedException(file + ": the document is null");
        }
        return value;
    }

    /// The mapper for request bodies and durable state.
    public static JsonMapper mapper() {
        return MAPPER;
    }
}
